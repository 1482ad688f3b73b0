// got is ESM only, in a few dozen packages of which some are CommonJS.
import { createServer } from 'node:http'
import got, { HTTPError } from 'got'

export const handler = async ({ json }) => {
  let tries = 0
  const server = createServer((request, response) => {
    if (request.url === '/none') return response.writeHead(404).end()
    if (tries++ === 0) return response.writeHead(503).end()
    request.pipe(response.writeHead(200, { 'content-type': 'application/json' }))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = got.extend({ prefixUrl: `http://127.0.0.1:${server.address().port}`, retry: { limit: 1, methods: ['PUT'], calculateDelay: ({ computedValue }) => computedValue && 1 } })
  const body = await client.put('echo', { json }).json()
  const missing = await client('none').catch((e) => [e instanceof HTTPError, e.response.statusCode])
  server.close()
  server.closeAllConnections()
  return { body, tries, missing }
}
