'use strict'
// The CommonJS build reads its wasm beside it; the ESM one would fetch it.
const { brotliDecompressSync } = require('node:zlib')
const brotli = require('brotli-wasm')

exports.handler = async ({ text }) => {
  const { compress, decompress } = await brotli
  const bytes = compress(Buffer.from(text), { quality: 11 })
  return { node: brotliDecompressSync(bytes).toString() === text, own: Buffer.from(decompress(bytes)).toString() === text, bytes: bytes.length }
}
