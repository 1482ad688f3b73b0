'use strict'
// pdf-parse requires its engine by version, and tests itself on a file when it
// believes it is not required by anything (module.parent).
const { once } = require('node:events')
const pdfParse = require('pdf-parse')
const PDFDocument = require('pdfkit')

exports.handler = async ({ lines }) => {
  const doc = new PDFDocument({ info: { Title: lines[0] } })
  const chunks = []
  doc.on('data', (chunk) => chunks.push(chunk))
  for (const line of lines) doc.text(line)
  doc.addPage().end()
  await once(doc, 'end')
  const { numpages, text, info, version } = await pdfParse(new Uint8Array(Buffer.concat(chunks)))
  return { numpages, text: text.trim().split('\n'), title: info.Title, version }
}
