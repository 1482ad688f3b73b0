// node-fetch 3 is ESM only and loads its form parser when it needs it.
import { createServer } from 'node:http'
import fetch, { FormData, Headers, Response } from 'node-fetch'

export const handler = async ({ dataUrl, field }) => {
  const server = createServer((request, response) => request.pipe(response.writeHead(200, { 'content-type': request.headers['content-type'] })))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const body = new FormData()
  body.set('field', field)
  const form = await (await fetch(`http://127.0.0.1:${server.address().port}`, { method: 'POST', body })).formData()
  server.close()
  server.closeAllConnections()
  return { data: await (await fetch(dataUrl)).text(), field: form.get('field'), headers: [...new Headers({ B: '1', a: '2' })], status: Response.error().type }
}
