import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { options, ask } from '../ask.cjs'

const client = new DynamoDBClient(options('dynamodb'))
export const handler = () => ask(client, () => new PutItemCommand({ TableName: 't', Item: { id: { S: '1' }, n: { N: '5' }, b: { B: new Uint8Array([1, 2]) }, l: { L: [{ BOOL: true }] } } }))
