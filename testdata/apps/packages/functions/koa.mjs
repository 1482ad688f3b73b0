// koa has a CommonJS build and an ESM wrapper around it.
import Koa from 'koa'
import serverless from 'serverless-http'

const app = new Koa()
app.use(async (context, next) => { await next(); context.set('x-steps', context.state.steps.join()) })
app.use(async (context) => {
  context.state.steps = ['one']
  context.assert(context.path !== '/secret', 403, 'not yours')
  context.state.steps.push('two')
  context.body = { path: context.path, query: context.query, accepts: context.accepts('html', 'json') }
})
app.on('error', () => {})

const handle = serverless(app)

export const handler = async ({ requests }) => Promise.all(requests.map(async (request) => {
  const { statusCode, headers, body } = await handle({ headers: {}, ...request }, {})
  return { statusCode, steps: headers['x-steps'], body: statusCode === 200 ? JSON.parse(body) : body }
}))
