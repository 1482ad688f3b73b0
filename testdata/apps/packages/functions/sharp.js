'use strict'
// sharp's addon and the libvips it links are in two platform packages.
const sharp = require('sharp')

exports.handler = async ({ width, height, colour }) => {
  const svg = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="${colour}"/></svg>`
  const webp = await sharp(Buffer.from(svg)).resize(8, 8).webp({ lossless: true }).toBuffer()
  const { data, info } = await sharp(webp).rotate(90).raw().toBuffer({ resolveWithObject: true })
  const { format } = await sharp(webp).metadata()
  return { format, info: { width: info.width, height: info.height, channels: info.channels }, pixel: [...data.subarray(0, 3)] }
}
