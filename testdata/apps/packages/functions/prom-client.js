'use strict'
const client = require('prom-client')

exports.handler = async ({ routes }) => {
  const registry = new client.Registry()
  const seconds = new client.Histogram({ name: 'http_seconds', help: 'Time to answer', labelNames: ['route'], buckets: [0.1, 1], registers: [registry] })
  for (const [route, time] of routes) seconds.observe({ route }, time)
  client.collectDefaultMetrics({ register: registry })
  const metrics = (await registry.metrics()).split('\n')
  return { http: metrics.filter((line) => line.startsWith('http_seconds')), version: metrics.some((line) => line.includes(`nodejs_version_info{version="${process.version}"`)), contentType: registry.contentType }
}
