import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'

const credentials = { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder' }
const client = new DynamoDBClient({ region: 'eu-west-1', credentials, requestHandler: { handle: async (r) => { throw Object.assign(new Error('sent'), { request: r }) } }, maxAttempts: 1 })
export const handler = async () => {
  const { request } = await client.send(new GetItemCommand({TableName:'t',Key:{id:{S:'1'}}})).catch((e) => e)
  return [request.method, request.hostname, request.path, String(request.body)]
}
