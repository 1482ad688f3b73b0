import { fileURLToPath } from 'node:url'
import { readdirSync } from 'node:fs'
import { load } from 'protos'
const dir = fileURLToPath(new URL('./protos', import.meta.url))
const messages = readdirSync(dir).filter(f => f.endsWith('.proto')).flatMap(f => load(`${dir}/${f}`))
export const handler = async () => ({ messages })
