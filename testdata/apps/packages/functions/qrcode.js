'use strict'
const QRCode = require('qrcode')
const { PNG } = require('pngjs')

exports.handler = async ({ text }) => {
  const terminal = await QRCode.toString(text, { type: 'utf8', errorCorrectionLevel: 'Q' })
  const png = PNG.sync.read(await QRCode.toBuffer(text, { scale: 1, margin: 0 }))
  const { version, modules } = QRCode.create(text)
  return { version, size: modules.size, png: [png.width, png.height], dark: modules.data.reduce((n, bit) => n + bit, 0), lines: terminal.split('\n').length }
}
