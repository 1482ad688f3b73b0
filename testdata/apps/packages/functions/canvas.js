'use strict'
const { createCanvas, loadImage, Path2D } = require('@napi-rs/canvas')

exports.handler = async ({ colours }) => {
  const canvas = createCanvas(16, 16)
  const context = canvas.getContext('2d')
  context.fillStyle = colours[0]
  context.fillRect(0, 0, 16, 16)
  context.fillStyle = colours[1]
  context.fill(new Path2D('M4 4h8v8h-8z'))
  const again = createCanvas(16, 16)
  again.getContext('2d').drawImage(await loadImage(await canvas.encode('png')), 0, 0)
  const at = (x, y) => [...again.getContext('2d').getImageData(x, y, 1, 1).data]
  return { corner: at(0, 0), middle: at(8, 8) }
}
