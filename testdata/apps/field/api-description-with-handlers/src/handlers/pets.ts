import { pets } from '../store'
export const list = (): string[] => pets
