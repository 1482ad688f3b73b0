export default (n: number): number => n - 1
