import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { execute, GraphQLError, parse, specifiedRules, validate, type DocumentNode, type ExecutionResult } from 'graphql'
import depthLimit from 'graphql-depth-limit'
import { reviewLoader } from './reviews'
import { schema } from './schema'

interface Operation {
  query: string
  variables?: Record<string, unknown>
}

const rules = [...specifiedRules, depthLimit(3)]

/** GraphQL over HTTP; the body is one operation or a batch of them. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const body = JSON.parse(event.body ?? 'null') as Operation | Operation[]
  const results = await (Array.isArray(body) ? Promise.all(body.map(run)) : run(body))
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/graphql-response+json; charset=utf-8' },
    body: JSON.stringify(results),
  }
}

async function run({ query, variables }: Operation): Promise<ExecutionResult> {
  const document = read(query)
  if (document instanceof GraphQLError) return { errors: [document] }
  const errors = validate(schema, document, rules)
  if (errors.length > 0) return { errors }
  const reads: string[] = []
  const reviews = reviewLoader((skus) => reads.push(skus.join(' ')))
  const result = await execute({ schema, document, variableValues: variables, contextValue: { reviews } })
  return { ...result, extensions: { reads } }
}

function read(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}
