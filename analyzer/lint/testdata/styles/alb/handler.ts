// A target of a load balancer; waiting is switched off, so the timer keeps nobody. Handler: handler
import { Client } from '@opensearch-project/opensearch'
import { Redis } from '@upstash/redis'
import { createHash } from 'node:crypto'
import { scryptSync } from 'crypto'

setInterval(() => {}, 1000)
const digest = createHash('sha256').update('x').digest('hex')
const secret = scryptSync('password', 'salt', 64) // advice: work-at-load
const lazily = () => scryptSync('password', 'salt', 64)

export const handler = (event: { path: string }, context: { callbackWaitsForEmptyEventLoop: boolean }, callback: (e: null, a: object) => void) => {
  context.callbackWaitsForEmptyEventLoop = false
  const search = new Client({ node: process.env.SEARCH_URL }) // advice: client-in-handler
  const redis = Redis.fromEnv()
  search.search({ index: event.path }).then(found => callback(null, { found, redis, secret, digest, lazily }))
}
