'use strict'
// axios has a build for browsers, one for Node and one of each kind of module.
const { createServer } = require('node:http')
const axios = require('axios')

exports.handler = async ({ path, body }) => {
  const server = createServer(async (request, response) => {
    if (request.url === '/moved') return response.writeHead(302, { location: path }).end()
    if (request.url === '/broken') return response.writeHead(503).end()
    let text = ''
    for await (const chunk of request) text += chunk
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ method: request.method, url: request.url, type: request.headers['content-type'], text }))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, proxy: false })
  client.interceptors.request.use((config) => ({ ...config, params: { ...config.params, seen: 1 } }))
  const posted = await client.post(path, body)
  const moved = await client.get('/moved', { params: {} }).catch((e) => e.message)
  const broken = await axios.get(`${client.defaults.baseURL}/broken`, { proxy: false }).catch((e) => [e.code, e.response.status])
  server.close()
  server.closeAllConnections()
  return { posted: posted.data, moved: moved.status ?? moved, broken }
}
