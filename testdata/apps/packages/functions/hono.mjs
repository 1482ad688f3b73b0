import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { etag } from 'hono/etag'
import { jwt, sign } from 'hono/jwt'

const app = new Hono()
app.use('/me/*', jwt({ secret: 'secret', alg: 'HS256' }))
app.get('/hello/:name', etag(), (c) => c.text(`hello ${c.req.param('name')}`))
app.get('/me/name', (c) => c.json({ sub: c.get('jwtPayload').sub }))

const answer = handle(app)
const request = (rawPath, headers = {}) => ({ version: '2.0', rawPath, rawQueryString: '', headers: { host: 'example.com', ...headers }, requestContext: { domainName: 'example.com', http: { method: 'GET', path: rawPath } } })

export const handler = async ({ name }, context) => {
  const hello = await answer(request(`/hello/${name}`), context)
  const me = await answer(request('/me/name', { authorization: `Bearer ${await sign({ sub: name }, 'secret', 'HS256')}` }), context)
  const stranger = await answer(request('/me/name'), context)
  return { hello: hello.body, etag: hello.headers.etag, me: me.body, stranger: stranger.statusCode }
}
