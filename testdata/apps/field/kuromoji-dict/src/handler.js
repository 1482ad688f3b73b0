const words = require('words')
let reader
exports.handler = async (event) => {
  reader ??= words.builder({ dicPath: 'node_modules/words/dict' }).build()
  return { words: reader(event.text) }
}
