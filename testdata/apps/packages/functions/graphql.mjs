// graphql has an ESM and a CommonJS build, and refuses to be loaded as both.
import { GraphQLError, buildSchema, execute, introspectionFromSchema, parse, printSchema, validate } from 'graphql'

const schema = buildSchema('"A city" type City { name: String! people(unit: Int = 1): Float } type Query { cities(above: Int!): [City!]! broken: String }')
const rootValue = {
  cities: ({ above }) => [{ name: 'Lyon', n: 520000 }, { name: 'Paris', n: 2100000 }].filter((c) => c.n > above).map((c) => ({ ...c, people: ({ unit }) => c.n / unit })),
  broken: () => { throw new GraphQLError('no', { extensions: { code: 'BROKEN' } }) }
}

export const handler = async ({ query, wrong, variables }) => ({
  result: await execute({ schema, document: parse(query), rootValue, variableValues: variables }),
  wrong: validate(schema, parse(wrong)).map((e) => e.message),
  types: introspectionFromSchema(schema).__schema.types.length,
  printed: printSchema(schema).split('\n').length
})
