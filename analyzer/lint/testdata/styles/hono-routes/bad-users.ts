import { Hono } from 'hono';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
const users = new Hono();
users.get('/', async (c) => {
  const ddb = new DynamoDBClient(); // advice: client-in-handler
  return c.json((await ddb.send(new ScanCommand({ TableName: 'users' }))).Items);
});
export default users;
