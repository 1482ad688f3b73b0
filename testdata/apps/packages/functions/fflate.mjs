// fflate's Node build compresses in worker threads whose code it makes up.
import { strFromU8, strToU8, unzipSync, zip } from 'fflate'

export const handler = async ({ text }) => {
  const large = strToU8(text.repeat(20000))
  const bytes = await new Promise((resolve, reject) => zip({ 'large.txt': large, 'small.txt': strToU8(text) }, { mtime: '2024-01-01', consume: false }, (e, data) => e ? reject(e) : resolve(data)))
  const back = unzipSync(bytes)
  return { names: Object.keys(back), small: strFromU8(back['small.txt']), same: Buffer.compare(back['large.txt'], large) === 0, smaller: bytes.length < large.length / 50 }
}
