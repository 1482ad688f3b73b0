import { factor } from '../factor'
export const api = { twice: async (event: { n: number }) => ({ twice: event.n * factor, wrapped: (globalThis as any).wrapped }) }
