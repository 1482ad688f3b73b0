import { FastifyInstance } from 'fastify';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

export default async function itemRoutes(app: FastifyInstance) {
  app.get('/:id', async (request) => {
    const doc = DynamoDBDocumentClient.from(new DynamoDBClient({})); // advice: client-in-handler
    const { Item } = await doc.send(new GetCommand({ TableName: 'items', Key: { id: (request.params as any).id } }));
    return Item;
  });
}
