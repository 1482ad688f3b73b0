export const enum State { Open = 'open' }
