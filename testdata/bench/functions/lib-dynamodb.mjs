import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'

const credentials = { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder' }
const client = DynamoDBDocumentClient.from(new DynamoDBClient({
  region: 'eu-west-1', credentials, maxAttempts: 1, requestHandler: { handle: async (r) => { throw Object.assign(new Error('sent'), { request: r }) } },
}))
export const handler = async () => {
  const { request } = await client.send(new PutCommand({ TableName: 't', Item: { id: '1', tags: new Set(['a']) } })).catch((e) => e)
  return [request.method, String(request.body)]
}
