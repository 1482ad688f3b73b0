'use strict'
// sql.js reads sql-wasm.wasm beside its loader.
const initSqlJs = require('sql.js')

exports.handler = async ({ people }) => {
  const SQL = await initSqlJs()
  const db = new SQL.Database()
  db.run('create table people (name text, boss text)')
  for (const { name, boss } of people) db.run('insert into people values (?, ?)', [name, boss])
  const [{ columns, values }] = db.exec(`with recursive chain(name, depth) as (
    select name, 0 from people where boss is null
    union all select p.name, depth + 1 from people p join chain c on p.boss = c.name) select * from chain order by depth, name`)
  const bytes = db.export().length
  return { columns, values, pages: bytes / 4096 }
}
