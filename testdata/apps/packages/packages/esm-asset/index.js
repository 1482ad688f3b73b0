import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const assets = new URL('assets/', import.meta.url)

export const words = (await readFile(new URL('words.txt', assets), 'utf8')).trim().split('\n')
export const names = (await readdir(fileURLToPath(assets))).sort()
export const weight = JSON.parse(await readFile(join(import.meta.dirname, 'assets', 'weight.json'))).grams
export const own = fileURLToPath(import.meta.url) === import.meta.filename
