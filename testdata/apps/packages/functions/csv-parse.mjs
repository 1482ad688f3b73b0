import { parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { Readable } from 'node:stream'
import { createRequire } from 'node:module'

const required = createRequire(import.meta.url)('csv-parse/sync')

export const handler = async ({ csv }) => {
  const streamed = []
  for await (const record of Readable.from([csv]).pipe(parse({ columns: true, cast: true }))) streamed.push(record)
  return { streamed, all: parseSync(csv, { from: 2, relax_quotes: true }), same: JSON.stringify(required.parse(csv)) === JSON.stringify(parseSync(csv)), twice: required.parse !== parseSync }
}
