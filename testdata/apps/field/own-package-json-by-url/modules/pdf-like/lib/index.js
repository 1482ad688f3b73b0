import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
const pkg = JSON.parse(fs.readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'))
const template = fs.readFileSync(new URL('./templates/page.template', import.meta.url), 'utf8').trim()
export const parse = () => ({ version: pkg.version, template })
