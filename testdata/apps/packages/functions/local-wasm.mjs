import { readFile } from 'node:fs/promises'

const { instance } = await WebAssembly.instantiate(await readFile(new URL('add.wasm', import.meta.url)))

export const handler = async ({ a, b }) => instance.exports.add(a, b)
