export type State = 'open' | 'closed'
export enum Level { low, high }
export class Owner { static label = 'Owner' }
