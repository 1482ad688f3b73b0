'use strict'
const snappy = require('snappy')

exports.handler = async ({ text }) => {
  const bytes = await snappy.compress(text.repeat(100))
  return { back: (await snappy.uncompress(bytes, { asBuffer: false })) === text.repeat(100), bytes: bytes.length, hex: snappy.compressSync('aaaaaaaaaaaaaaaa').toString('hex') }
}
