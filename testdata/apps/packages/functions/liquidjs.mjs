import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Liquid } from 'liquidjs'

const here = dirname(fileURLToPath(import.meta.url))
const engine = new Liquid({ root: join(here, 'views/liquid'), extname: '.liquid' })

export const handler = async (event) => engine.renderFile('page', event)
