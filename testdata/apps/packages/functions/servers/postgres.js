'use strict'
// A PostgreSQL server of one prepared statement in memory: it answers each
// execution with the parameters that were bound, as columns of the given types.
// Source: postgresql.org/docs/current/protocol-message-formats.html
const { duplexPair } = require('node:stream')

const message = (type, ...parts) => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const int16 = (n) => { const b = Buffer.alloc(2); b.writeInt16BE(n); return b }
const int32 = (n) => { const b = Buffer.alloc(4); b.writeInt32BE(n); return b }
const text = (s) => Buffer.from(s + '\0')

function bound (body) {
  let at = body.indexOf(0) + 1
  at = body.indexOf(0, at) + 1
  at += 2 + 2 * body.readInt16BE(at)
  const values = []
  let count = body.readInt16BE(at)
  for (at += 2; count > 0; count--) {
    const length = body.readInt32BE(at)
    values.push(body.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return values
}

exports.connect = (columns) => {
  const [client, server] = duplexPair()
  client.setNoDelay = client.setKeepAlive = client.ref = client.unref = () => client
  client.connect = () => process.nextTick(() => client.emit('connect'))
  const ready = () => server.write(message('Z', Buffer.from('I')))
  let pending = Buffer.alloc(0)
  let started = false
  let values = []
  const answers = {
    P: () => server.write(message('1')),
    B: (body) => { values = bound(body); server.write(message('2')) },
    D: () => server.write(message('T', int16(columns.length), ...columns.map(({ name, type }) =>
      Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)])))),
    E: () => {
      server.write(message('D', int16(values.length), ...values.flatMap((v) => [int32(v.length), v])))
      server.write(message('C', text('SELECT 1')))
    },
    S: ready,
    X: () => server.end()
  }
  server.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (pending.length < head + 4) return
      const length = pending.readInt32BE(head)
      if (pending.length < head + length) return
      const type = String.fromCharCode(pending[0])
      const body = pending.subarray(head + 4, head + length)
      pending = pending.subarray(head + length)
      if (started) answers[type]?.(body)
      else {
        started = true
        server.write(message('R', int32(0)))
        server.write(message('S', text('server_version'), text('16.4')))
        ready()
      }
    }
  })
  return client
}
