'use strict'
// mysql2 on both ends of a loopback connection: its client and its server.
const mysql = require('mysql2/promise')
const { createServer } = require('mysql2')
const { once } = require('node:events')

exports.handler = async ({ price, name }) => {
  const server = createServer((connection) => {
    connection.serverHandshake({ protocolVersion: 10, serverVersion: '8.0.36', connectionId: 1, statusFlags: 2, characterSet: 8, capabilityFlags: 0xffffff, authCallback: (_, done) => { done(null); connection._resetSequenceId() } })
    connection.on('query', (sql) => {
      connection.sequenceId = 1
      connection.writeTextResult([{ sql }], [{ catalog: 'def', schema: '', table: '', orgTable: '', name: 'sql', orgName: 'sql', characterSet: 33, columnLength: 1024, columnType: 253, flags: 0, decimals: 0 }])
    })
    connection.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server._server, 'listening')
  const connection = await mysql.createConnection({ host: '127.0.0.1', port: server._server.address().port, user: 'app' })
  const [rows] = await connection.query('select * from ?? where price > ? and name = ?', ['orders', price, name])
  connection.destroy()
  server._server.close()
  return rows[0]
}
