import { customAlphabet, customRandom, nanoid } from 'nanoid'

export const handler = async ({ alphabet, size }) => {
  let seed = 1
  const seeded = customRandom(alphabet, size, (n) => Uint8Array.from({ length: n }, () => (seed = seed * 16807 % 2147483647) & 255))
  return { seeded: seeded(), length: nanoid().length, only: new RegExp(`^[${alphabet}]{50}$`).test(customAlphabet(alphabet, 50)()), unique: new Set(Array.from({ length: 1000 }, () => nanoid())).size }
}
