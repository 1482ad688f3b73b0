import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp } from 'routing'
const here = dirname(fileURLToPath(import.meta.url))
const app = await createApp({ controllers: [join(here, '/controllers/**/*{.js,.ts}')] })
export const handler = async (event: { path: string }) => ({ paths: app.paths(), body: app.get(event.path) })
