import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(import.meta.dirname, 'notes')
const notes = Object.fromEntries(readdirSync(folder).filter((f) => f.endsWith('.md')).sort().map((f) => [path.basename(f, '.md'), readFileSync(path.join(folder, f), 'utf8').trim()]))

export const handler = async ({ name }) => ({ names: Object.keys(notes), note: notes[name] })
