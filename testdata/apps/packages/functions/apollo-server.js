'use strict'
// Its schema is every .graphql file of a folder, found by a glob.
const path = require('node:path')
const { ApolloServer } = require('@apollo/server')
const { loadFilesSync } = require('@graphql-tools/load-files')
const { makeExecutableSchema } = require('@graphql-tools/schema')

const schema = makeExecutableSchema({
  typeDefs: loadFilesSync(path.join(__dirname, 'schema'), { extensions: ['graphql'] }),
  resolvers: { Query: { book: (_, { id }) => ({ id, title: `Book ${id}`, author: { name: 'Ada' } }) }, Author: { initial: ({ name }) => name[0] } }
})
const server = new ApolloServer({ schema, introspection: true })

exports.handler = async ({ query, variables, wrong }) => {
  const { body } = await server.executeOperation({ query, variables })
  const refused = await server.executeOperation({ query: wrong })
  return { ...body.singleResult, refused: refused.body.singleResult.errors[0].extensions.code }
}
