// The wasm is reached through a subpath export and compiled on load.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Resvg, initWasm } from '@resvg/resvg-wasm'

const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')
await initWasm(readFileSync(wasm))

export const handler = async ({ svg, width }) => {
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render()
  return { width: image.width, height: image.height, pixel: [...image.pixels.slice(0, 4)], png: Buffer.from(image.asPng()).toString('latin1', 1, 4) }
}
