'use strict'
// libsql requires its native addon as `@libsql/${target}`, computed from the libc.
const Database = require('libsql')

exports.handler = async ({ words }) => {
  const db = new Database(':memory:')
  db.exec('create table words (word text, n integer)')
  const insert = db.prepare('insert into words values (?, ?)')
  for (const word of words) insert.run(word, word.length)
  const rows = db.prepare('select n, count(*) as times, group_concat(word) as words from words group by n order by n').all()
  const { version } = db.prepare("select sqlite_version() >= '3.40' as version").get()
  db.close()
  return { rows, version }
}
