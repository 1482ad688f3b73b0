import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
const routes = {}
export const controller = (path, get) => { routes[path] = get }
const walk = dir => fs.readdirSync(dir, { withFileTypes: true }).flatMap(e => e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)])
export const createApp = async o => {
  for (const g of o.controllers) for (const f of walk(g.slice(0, g.indexOf('/**')))) if (/\.[jt]s$/.test(f)) await import(pathToFileURL(f).href)
  return { paths: () => Object.keys(routes).sort(), get: p => routes[p]() }
}
