export const run = (): string => 'well'
