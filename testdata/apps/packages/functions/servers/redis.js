'use strict'
// A Redis server in memory, of the few commands that the functions send.
// Source: redis.io/docs/latest/develop/reference/protocol-spec
const { duplexPair } = require('node:stream')

const bulk = (s) => s === null ? '$-1\r\n' : `$${Buffer.byteLength(s)}\r\n${s}\r\n`

exports.serve = () => {
  const strings = new Map()
  const hashes = new Map()
  const sent = []
  const commands = {
    INFO: () => bulk('redis_version:7.4.0\r\nmaxmemory_policy:noeviction\r\nloading:0\r\n'),
    CLIENT: () => '+OK\r\n',
    SET: ([key, value]) => { strings.set(key, value); return '+OK\r\n' },
    GET: ([key]) => bulk(strings.get(key) ?? null),
    INCRBY: ([key, by]) => {
      strings.set(key, String(Number(strings.get(key) ?? 0) + Number(by)))
      return `:${strings.get(key)}\r\n`
    },
    HSET: ([key, ...pairs]) => {
      const hash = hashes.get(key) ?? new Map()
      hashes.set(key, hash)
      for (let i = 0; i < pairs.length; i += 2) hash.set(pairs[i], pairs[i + 1])
      return `:${pairs.length / 2}\r\n`
    },
    HGETALL: ([key]) => {
      const flat = [...(hashes.get(key) ?? [])].flat()
      return `*${flat.length}\r\n${flat.map(bulk).join('')}`
    },
    EVALSHA: () => '-NOSCRIPT No matching script\r\n',
    EVAL: () => bulk('1'),
    QUIT: () => '+OK\r\n'
  }
  const connect = () => {
    const [client, server] = duplexPair()
    client.setNoDelay = client.setKeepAlive = client.setTimeout = client.ref = client.unref = () => client
    let pending = ''
    server.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      for (;;) {
        const parts = []
        const count = /^\*(\d+)\r\n/.exec(pending)
        if (!count) return
        let at = count[0].length
        while (parts.length < Number(count[1])) {
          const size = /^\$(\d+)\r\n/.exec(pending.slice(at))
          if (!size || pending.length < at + size[0].length + Number(size[1]) + 2) return
          at += size[0].length
          parts.push(Buffer.from(pending.slice(at, at + Number(size[1])), 'latin1').toString())
          at += Number(size[1]) + 2
        }
        pending = pending.slice(at)
        const [name, ...args] = parts
        sent.push([name.toUpperCase(), ...args])
        server.write(commands[name.toUpperCase()]?.(args) ?? `-ERR unknown command ${name}\r\n`)
      }
    })
    return client
  }
  return { connect, sent }
}

// connector is what ioredis asks for a stream instead of opening a socket.
exports.connector = (server) => class {
  constructor () { this.connecting = false }
  check () { return true }
  disconnect () { this.connecting = false }
  async connect () {
    this.connecting = true
    return server.connect()
  }
}
