import { h } from './h.js'
type Page = (props: { name: string }) => string
const page = async (name: string): Promise<Page> => (await import(`./pages/${name}.js`)).default
export const handler = async (event: { page: string, name: string }) => {
  const Page = await page(event.page)
  return { html: <main title='the page'>{<Page name={event.name}/>}</main> }
}
