export interface Plug { apply (n: number): number }
