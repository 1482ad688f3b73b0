import { times } from 'calc'
export const square = (n: number): number => times(n, n)
