import fs from 'node:fs'
import path from 'node:path'
export const load = file => {
  const text = fs.readFileSync(file, 'utf8')
  const imported = [...text.matchAll(/import "([^"]+)"/g)].flatMap(m => load(path.join(path.dirname(file), '..', m[1])))
  return [...text.matchAll(/message (\w+)/g)].map(m => m[1]).concat(imported)
}
