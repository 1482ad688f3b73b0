import { join } from 'path'
import { create, type App } from 'webby'
import { locales } from './locales'
const setUp = (app: App, root: string) => {
  app.setBaseViewsDir(join(root, 'views'))
  app.setViewEngine('hbs-like')
  return app
}
const app = setUp(create(), join(__dirname, '..'))
export const handler = async (event: { name: string, lang: string }) => ({ page: app.render('hello', { name: event.name }), words: locales(event.lang) })
