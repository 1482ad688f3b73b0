'use strict'
const { Resvg } = require('@resvg/resvg-js')

exports.handler = async ({ svg, width }) => {
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } }).render()
  return { width: image.width, height: image.height, pixel: [...image.pixels.subarray(0, 4)], png: image.asPng().toString('latin1', 1, 4) }
}
