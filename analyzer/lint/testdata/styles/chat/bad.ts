// Handler: handler
import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

export const handler = async (event: any) => {
  const api = new ApiGatewayManagementApi({ endpoint: process.env.WS_ENDPOINT }); // advice: client-in-handler
  const db = new DynamoDB({}); // advice: client-in-handler
  const { Items = [] } = await db.scan({ TableName: 'connections' });
  Items.map((item) => api.postToConnection({ ConnectionId: item.connectionId.S!, Data: event.body })); // advice: promise-not-awaited
  return { statusCode: 200 };
};
