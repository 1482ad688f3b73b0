import { createSchema, createYoga } from 'graphql-yoga'

const yoga = createYoga({
  logging: false,
  graphiql: true,
  schema: createSchema({
    typeDefs: 'type Query { sum(of: [Int!]!): Int! } type Mutation { shout(text: String!): String! }',
    resolvers: { Query: { sum: (_, { of }) => of.reduce((a, b) => a + b, 0) }, Mutation: { shout: (_, { text }) => text.toUpperCase() } }
  })
})

export const handler = async (event) => {
  const post = async (body) => (await yoga.fetch('http://localhost/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()
  const page = await yoga.fetch('http://localhost/graphql', { headers: { accept: 'text/html' } })
  return { answers: [await post(event.query), await post(event.mutation)], graphiql: page.headers.get('content-type'), found: (await page.text()).includes('<title>Yoga GraphiQL</title>') }
}
