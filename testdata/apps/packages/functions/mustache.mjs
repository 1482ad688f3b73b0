// A template beside an ES module, read through import.meta.url.
import { readFile } from 'node:fs/promises'
import Mustache from 'mustache'

const template = await readFile(new URL('./views/letter.mustache', import.meta.url), 'utf8')

export const handler = async (event) => Mustache.render(template, event, { sign: '-- {{from}}' })
