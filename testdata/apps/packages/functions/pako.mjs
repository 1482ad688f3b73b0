import * as pako from 'pako'
import { gunzipSync } from 'node:zlib'

export const handler = async ({ text }) => {
  const zipped = pako.gzip(text, { level: 9, header: { name: 'a.txt' } })
  const inflator = new pako.Inflate()
  inflator.push(pako.deflate(text), true)
  return { node: gunzipSync(zipped).toString() === text, own: Buffer.from(inflator.result).toString() === text, raw: Buffer.from(pako.deflateRaw('aaaaaaaa')).toString('hex'), smaller: zipped.length < text.length }
}
