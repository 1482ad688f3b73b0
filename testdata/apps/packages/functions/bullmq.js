'use strict'
// bullmq hands its Lua commands to Redis by their names.
const { createHash } = require('node:crypto')
const Redis = require('ioredis')
const { Queue } = require('bullmq')
const { serve, connector } = require('./servers/redis')

exports.handler = async ({ name, data }) => {
  const server = serve()
  const connection = new Redis({ Connector: connector(server), maxRetriesPerRequest: null })
  const queue = new Queue('mail', { connection })
  const job = await queue.add(name, data, { attempts: 3, backoff: { type: 'exponential', delay: 1000 } })
  const [, script, keys, ...args] = server.sent.find(([command]) => command === 'EVAL')
  const answer = { id: job.id, name: job.name, data: job.data, opts: job.opts, keys: args.slice(0, Number(keys)), lua: script.includes("rcall("), meta: server.sent.find(([c, key]) => c === 'HSET' && key === 'bull:mail:meta')?.[2] ?? null }
  await queue.close()
  connection.disconnect()
  return answer
}
