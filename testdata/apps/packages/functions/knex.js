'use strict'
// knex requires its dialect by a computed name and has eight optional drivers.
const knex = require('knex')

exports.handler = async ({ client, tenant, since }) => {
  const db = knex({ client })
  const query = db('orders as o').join('lines as l', 'l.order_id', 'o.id').where({ 'o.tenant': tenant })
    .andWhere('o.at', '>', since).groupBy('o.id').select('o.id', db.raw('sum(??) as total', ['l.price'])).limit(10)
  const { sql, bindings } = query.toSQL().toNative()
  const schema = db.schema.createTable('orders', (t) => { t.increments(); t.jsonb('data').notNullable(); t.timestamps(true, true) }).toString()
  await db.destroy()
  return { sql, bindings, schema }
}
