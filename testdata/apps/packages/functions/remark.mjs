// remark is ESM only, in about a hundred small packages.
import { remark } from 'remark'
import remarkHtml from 'remark-html'

export const handler = async ({ text }) => {
  const links = []
  const file = await remark().use(() => (tree) => { (function walk (node) { if (node.type === 'link') links.push(node.url); node.children?.forEach(walk) })(tree) }).use(remarkHtml).process(text)
  return { html: String(file), links, messages: file.messages.length }
}
