// shiki imports its languages and themes by name, of several hundred.
import { codeToHtml, codeToTokensBase } from 'shiki'

// By default shiki gives up on a line after half a second, which a busy machine takes.
const tokenizeTimeLimit = 0

export const handler = async ({ code, lang, theme }) => ({
  html: await codeToHtml(code, { lang, theme, tokenizeTimeLimit }),
  colours: (await codeToTokensBase(code, { lang: 'rust', theme: 'nord', tokenizeTimeLimit })).flat().map((t) => t.color)
})
