// Two wasm files: the parser's beside its loader, the grammar's in another package.
import { createRequire } from 'node:module'
import { Language, Parser, Query } from 'web-tree-sitter'

const require = createRequire(import.meta.url)
await Parser.init()
const language = await Language.load(require.resolve('tree-sitter-javascript/tree-sitter-javascript.wasm'))

export const handler = async ({ source }) => {
  const parser = new Parser()
  parser.setLanguage(language)
  const tree = parser.parse(source)
  const calls = new Query(language, '(call_expression function: (identifier) @name)').captures(tree.rootNode)
  return { calls: calls.map(({ node }) => `${node.text} at ${node.startPosition.row}:${node.startPosition.column}`), errors: tree.rootNode.hasError }
}
