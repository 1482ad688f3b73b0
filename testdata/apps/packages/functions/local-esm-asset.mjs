import { readFile } from 'node:fs/promises'
import { names, own, weight, words } from 'local-esm-asset'

export const handler = async ({ file }) => ({ words, names, weight, own, resolved: (await readFile(new URL(import.meta.resolve('local-esm-asset/assets/words.txt')), 'utf8')).length })
