// Handler: handler
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const makeDeps = () => ({ db: DynamoDBDocumentClient.from(new DynamoDBClient({})) }); // advice: client-in-handler
const withDeps = (fn: (event: any, deps: ReturnType<typeof makeDeps>) => Promise<any>) => async (event: any) => fn(event, makeDeps());
export const handler = withDeps(async (event, { db }) => (await db.send(new GetCommand({ TableName: 'users', Key: event.key }))).Item);
