// A REST API behind API Gateway. Handler: handler
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm'
import axios from 'axios'
import { database } from './database'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const table = process.env.TABLE
const ssm = new SSMClient({})
const page = readFileSync(path.join(__dirname, 'page.html'), 'utf8')

export const handler = async (event: { path: string, headers: Record<string, string> }) => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({})) // advice: client-in-handler
  const limit = await ssm.send(new GetParameterCommand({ Name: '/shop/limit' })) // advice: fetched-per-invocation
  const http = axios.create({ timeout: 1000, headers: { authorization: event.headers.authorization } })
  const plain = axios.create({ timeout: 1000 }) // its connections are those of the global agent
  if (event.path === '/page') return { statusCode: 200, body: page }
  const rates = await plain.get('https://example.com/rates')
  const item = await documents.send(new GetCommand({ TableName: table, Key: { id: event.path } }))
  await http.post('https://example.com/seen', item.Item)
  const rows = await database().query('select 1')
  return { statusCode: 200, body: JSON.stringify({ item, rows, limit, rates: rates.data }) }
}
