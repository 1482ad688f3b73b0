import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
const dir = path.dirname(fileURLToPath(import.meta.url))
export const load = async (from = path.join(dir, 'commands')) => {
  const files = (await readdir(from)).filter(f => path.extname(f) === '.lua')
  return Promise.all(files.map(async f => [f.split('-')[0], (await readFile(path.join(from, f), 'utf8')).trim()]))
}
