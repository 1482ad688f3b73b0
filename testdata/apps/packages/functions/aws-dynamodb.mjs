import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { Readable } from 'node:stream'

export const handler = async ({ table, key }) => {
  let asked
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async (request) => {
        asked = { target: request.headers['x-amz-target'], body: JSON.parse(request.body), signed: request.headers.authorization.startsWith('AWS4-HMAC-SHA256 Credential=a/') }
        return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Readable.from(['{"Item":{"id":{"S":"o1"},"total":{"N":"19.5"},"tags":{"L":[{"S":"new"},{"NULL":true}]}}}']) } }
      }
    }
  })
  const { Item } = await DynamoDBDocumentClient.from(client).send(new GetCommand({ TableName: table, Key: key }))
  return { asked, Item }
}
