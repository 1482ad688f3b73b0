import fs from 'fs'
import path from 'path'
export interface Found { name: string, path: string, url: string }
export function listModules (dir: string): Found[] {
  const base = path.join(process.cwd(), `${dir}`)
  const found: Found[] = []
  walk(base, base, found)
  return found
}
function walk (base: string, at: string, found: Found[]) {
  fs.readdirSync(at).forEach(file => {
    const full = at + '/' + file
    if (fs.statSync(full).isDirectory()) return walk(base, full, found)
    found.push({ name: file, path: full, url: full.replace(base, '').replace(/\.[jt]s$/, '') })
  })
}
