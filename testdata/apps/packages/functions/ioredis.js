'use strict'
// ioredis loads its commands from JSON and its connectors by their names.
const Redis = require('ioredis')
const { serve, connector } = require('./servers/redis')

exports.handler = async ({ key, value, pairs }) => {
  const server = serve()
  const redis = new Redis({ Connector: connector(server), maxRetriesPerRequest: 1 })
  await redis.set(key, value)
  await redis.hset('h', pairs)
  const pipelined = await redis.pipeline().incrby('n', 2).incrby('n', 40).get(key).exec()
  const answer = { pipelined, hash: await redis.hgetall('h'), missing: await redis.get('none') }
  const failed = await redis.call('NOPE').catch((e) => `${e.name}: ${e.message}`)
  redis.disconnect()
  return { ...answer, failed }
}
