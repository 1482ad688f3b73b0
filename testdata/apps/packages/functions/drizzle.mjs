import { createRequire } from 'node:module'
import { desc, gt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/sql-js'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

const initSqlJs = createRequire(import.meta.url)('sql.js')
const cities = sqliteTable('cities', { name: text().primaryKey(), people: integer().notNull(), facts: text({ mode: 'json' }) })

export const handler = async ({ rows, above }) => {
  const { Database } = await initSqlJs()
  const client = new Database()
  client.run('create table cities (name text primary key, people integer not null, facts text)')
  const db = drizzle(client)
  await db.insert(cities).values(rows)
  const large = await db.select().from(cities).where(gt(cities.people, above)).orderBy(desc(cities.people))
  client.close()
  return large
}
