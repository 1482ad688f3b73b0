'use strict'
const JSZip = require('jszip')

exports.handler = async ({ text }) => {
  const zip = new JSZip()
  zip.folder('a').file('b.txt', text, { date: new Date(Date.UTC(2024, 0, 1)), comment: 'note' })
  const bytes = await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', streamFiles: true })
  const back = await JSZip.loadAsync(bytes, { checkCRC32: true })
  return { signature: bytes.toString('latin1', 0, 2), names: Object.keys(back.files), text: await back.file('a/b.txt').async('string'), comment: back.file('a/b.txt').comment, smaller: bytes.length < text.length }
}
