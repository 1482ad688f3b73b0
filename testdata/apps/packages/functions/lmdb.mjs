// lmdb is ESM around an addon of a platform package.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'

export const handler = async ({ entries }) => {
  const db = open({ path: join(mkdtempSync(join(tmpdir(), 'lmdb-')), 'db'), compression: true, mapSize: 1 << 20 })
  await db.transaction(() => { for (const [key, value] of entries) db.put(key, value) })
  const answer = { range: db.getRange({ start: 'b' }).asArray.map(({ key, value }) => [key, value]), count: db.getCount(), has: db.doesExist('a') }
  await db.close()
  return answer
}
