// shiki imports its languages and themes by name, of several hundred.
import { codeToHtml, codeToTokensBase } from 'shiki'

export const handler = async ({ code, lang, theme }) => ({
  html: await codeToHtml(code, { lang, theme }),
  colours: (await codeToTokensBase(code, { lang: 'rust', theme: 'nord' })).flat().map((t) => t.color)
})
