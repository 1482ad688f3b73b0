'use strict'
// An AMQP 0-9-1 broker of one queue on loopback, which gives back what was
// published. Source: rabbitmq.com/amqp-0-9-1-reference
const { createServer } = require('node:net')
const { once } = require('node:events')

const int16 = (n) => { const b = Buffer.alloc(2); b.writeUInt16BE(n); return b }
const int32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b }
const long = (n) => Buffer.concat([int32(0), int32(n)])
const longText = (s) => Buffer.concat([int32(s.length), Buffer.from(s)])
const text = (s) => Buffer.concat([Buffer.from([s.length]), Buffer.from(s)])
const frame = (type, channel, body) => Buffer.concat([Buffer.from([type]), int16(channel), int32(body.length), body, Buffer.from([0xce])])

exports.listen = async () => {
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const send = (channel, type, method, ...fields) => socket.write(frame(1, channel, Buffer.concat([int16(type), int16(method), ...fields])))
    let pending = Buffer.alloc(0)
    let greeted = false
    let published = []
    const methods = {
      '10.11': () => send(0, 10, 30, int16(0), int32(0), int16(0)),
      '10.40': () => send(0, 10, 41, text('')),
      '10.50': () => send(0, 10, 51),
      '20.10': (channel) => send(channel, 20, 11, longText('')),
      '50.10': (channel) => send(channel, 50, 11, text('jobs'), int32(published.length / 2), int32(0)),
      '60.70': (channel) => { send(channel, 60, 71, long(1), Buffer.from([0]), text(''), text('jobs'), int32(0)); socket.write(Buffer.concat(published)) }
    }
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      if (!greeted && pending.length >= 8) {
        greeted = true
        pending = pending.subarray(8)
        send(0, 10, 10, Buffer.from([0, 9]), int32(0), longText('PLAIN'), longText('en_US'))
      }
      while (pending.length >= 7 && pending.length >= 8 + pending.readUInt32BE(3)) {
        const length = 8 + pending.readUInt32BE(3)
        const [type, channel] = [pending[0], pending.readUInt16BE(1)]
        if (type === 1) methods[`${pending.readUInt16BE(7)}.${pending.readUInt16BE(9)}`]?.(channel)
        else if (type === 2 || type === 3) published.push(Buffer.from(pending.subarray(0, length)))
        pending = pending.subarray(length)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, close: () => { for (const s of sockets) s.destroy(); server.close() } }
}
