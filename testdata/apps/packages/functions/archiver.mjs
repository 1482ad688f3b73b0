import { ZipArchive } from 'archiver'
import JSZip from 'jszip'

export const handler = async ({ files }) => {
  const archive = new ZipArchive({ zlib: { level: 9 } })
  const chunks = []
  archive.on('data', (chunk) => chunks.push(chunk))
  for (const [name, content] of Object.entries(files)) archive.append(content, { name, date: new Date(0) })
  const ended = new Promise((resolve, reject) => archive.on('end', resolve).on('error', reject))
  await archive.finalize()
  await ended
  const zip = await JSZip.loadAsync(Buffer.concat(chunks))
  const back = {}
  for (const name of Object.keys(zip.files)) back[name] = await zip.file(name).async('string')
  return { pointer: archive.pointer(), back }
}
