'use strict'
// pdfkit reads the metrics of the standard fonts and a colour profile beside its code.
const { once } = require('node:events')
const PDFDocument = require('pdfkit')

exports.handler = async ({ title, lines }) => {
  const doc = new PDFDocument({ size: 'A5', compress: false, subset: 'PDF/A-1b', tagged: true, info: { Title: title, CreationDate: new Date(0) } })
  const chunks = []
  doc.on('data', (chunk) => chunks.push(chunk))
  const widths = ['Times-Italic', 'Courier-Bold', 'Helvetica'].map((font) => doc.font(font).fontSize(18).widthOfString(title))
  doc.outline.addItem(title)
  for (const line of lines) doc.text(line)
  doc.end()
  await once(doc, 'end')
  const pdf = Buffer.concat(chunks).toString('latin1')
  return { header: pdf.slice(0, 8), widths, fonts: pdf.match(/\/BaseFont \/[\w-]+/g).sort(), profile: pdf.includes('/GTS_PDFA1'), shown: pdf.match(/ TJ/g).length }
}
