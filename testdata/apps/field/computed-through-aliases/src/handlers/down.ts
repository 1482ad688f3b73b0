export const handle = (n: number): string => 'down ' + n
