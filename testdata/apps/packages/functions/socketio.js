'use strict'
// socket.io serves its client's files from its package.
const { createServer } = require('node:http')
const { Server } = require('socket.io')
const { io } = require('socket.io-client')

exports.handler = async ({ name }) => {
  const http = createServer()
  const server = new Server(http)
  server.on('connection', (socket) => { socket.join('all'); socket.on('name', (s, done) => { server.to('all').emit('joined', s); done(`hello ${s}`) }) })
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${http.address().port}`
  const client = io(url, { transports: ['websocket'] })
  const joined = new Promise((resolve) => client.on('joined', resolve))
  const answer = { said: await client.timeout(5000).emitWithAck('name', name), joined: await joined, script: (await (await fetch(`${url}/socket.io/socket.io.min.js`)).text()).includes('Socket.IO v') }
  client.close()
  server.close()
  return answer
}
