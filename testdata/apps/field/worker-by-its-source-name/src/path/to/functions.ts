export const some = (n: number): string => 'some ' + n
