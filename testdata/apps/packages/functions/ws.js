'use strict'
// ws uses bufferutil and utf-8-validate where they are installed, and they are:
// prebuilt addons in their own folders.
const { once } = require('node:events')
const { WebSocket, WebSocketServer } = require('ws')
const bufferUtil = require('bufferutil')
const isValidUTF8 = require('utf-8-validate')

exports.handler = async ({ text }) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true })
  await once(server, 'listening')
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(binary ? data.length : data.toString().toUpperCase())))
  const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`)
  await once(client, 'open')
  client.send(text)
  const [upper] = await once(client, 'message')
  client.send(Buffer.alloc(70000))
  const [length] = await once(client, 'message')
  client.terminate()
  server.close()
  const masked = Buffer.alloc(4)
  bufferUtil.mask(Buffer.from('abcd'), Buffer.from([1, 2, 3, 4]), masked, 0, 4)
  return { upper: upper.toString(), length: length.toString(), masked: masked.toString('hex'), valid: [isValidUTF8(Buffer.from(text)), isValidUTF8(Buffer.from([0xff]))] }
}
