'use strict'
// pg loads pg-native behind a getter and cloudflare's sockets behind a guard.
const { Client } = require('pg')
const { connect } = require('./servers/postgres')

const columns = [{ name: 'id', type: 23 }, { name: 'at', type: 1184 }, { name: 'tags', type: 3802 }, { name: 'name', type: 25 }]

exports.handler = async ({ id, at, tags, name }) => {
  const client = new Client({ user: 'app', database: 'app', stream: () => connect(columns) })
  await client.connect()
  const { rows, rowCount, command } = await client.query(
    'select $1::int id, $2::timestamptz at, $3::jsonb tags, $4 name', [id, at, JSON.stringify(tags), name])
  await client.end()
  return { command, rowCount, row: rows[0], isDate: rows[0].at instanceof Date }
}
