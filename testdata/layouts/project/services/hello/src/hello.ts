import { greet } from '@layouts/greeting'
import merge from 'deepmerge'
import { buildSchema, parse, validate } from 'graphql'
import depthLimit from 'graphql-depth-limit'
import ms from 'ms'
import qs from 'qs'

const schema = buildSchema('type Query { me: Person } type Person { name: String, friend: Person }')

// graphql-depth-limit asks for its peer by require: both must get one graphql,
// or validating throws.
const tooDeep = (query: string) => validate(schema, parse(query), [depthLimit(1)]).map((e) => e.message)

export const handler = async (event: { query: string; graphql: string }) => {
  const { name, ...rest } = merge<Record<string, unknown>>({ page: '1' }, qs.parse(event.query))
  return { greeting: greet(String(name)), rest, wait: ms('2 minutes'), tooDeep: tooDeep(event.graphql) }
}
