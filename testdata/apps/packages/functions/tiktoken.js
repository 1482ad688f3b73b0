'use strict'
// tiktoken looks for its wasm beside its loader, then up the folders of node_modules.
const { encoding_for_model, get_encoding } = require('tiktoken')

exports.handler = async ({ text }) => {
  const encoding = encoding_for_model('gpt-4o')
  const tokens = encoding.encode(text)
  const answer = { tokens: [...tokens], back: Buffer.from(encoding.decode(tokens)).toString(), older: get_encoding('cl100k_base').encode(text).length }
  encoding.free()
  return answer
}
