import { Marked } from 'marked'

const marked = new Marked({ gfm: true, renderer: { heading ({ tokens, depth }) { return `<h${depth} id="h">${this.parser.parseInline(tokens)}</h${depth}>\n` } } })

export const handler = async ({ text }) => ({ html: await marked.parse(text), kinds: marked.lexer(text).map((t) => t.type) })
