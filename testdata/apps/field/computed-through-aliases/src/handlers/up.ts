export const handle = (n: number): string => 'up ' + n
