// middy is ESM only; its validator compiles schemas while it loads.
import middy from '@middy/core'
import validator from '@middy/validator'
import { transpileSchema } from '@middy/validator/transpile'

const eventSchema = transpileSchema({ type: 'object', required: ['email'], properties: { email: { type: 'string', format: 'email' }, n: { type: 'integer', default: 3 } } })
const seen = []
const inner = middy()
  .use({ before: ({ event }) => { seen.push(event.email) }, onError: (request) => { request.response = { refused: request.error.message, causes: request.error.cause?.data?.map?.((c) => c.message) } } })
  .use(validator({ eventSchema }))
  .handler(async ({ email, n }) => ({ email, n }))

export const handler = async ({ events }, context) => {
  const answers = []
  for (const event of events) answers.push(await inner(event, context))
  return { answers, seen }
}
