// Handler: handler
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda';
import { ApiGatewayManagementApiClient, PostToConnectionCommand, GoneException } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

const table = DynamoDBDocument.from(new DynamoDB({}));
export const handler: APIGatewayProxyWebsocketHandlerV2 = async (event) => {
  const { connectionId, domainName, stage, routeKey } = event.requestContext;
  switch (routeKey) {
    case '$connect':
      await table.put({ TableName: 'connections', Item: { connectionId } });
      break;
    case '$disconnect':
      await table.delete({ TableName: 'connections', Key: { connectionId } });
      break;
    default: {
      const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` });
      const { Items = [] } = await table.scan({ TableName: 'connections' });
      await Promise.all(Items.map(async (item) => {
        try {
          await api.send(new PostToConnectionCommand({ ConnectionId: item.connectionId, Data: event.body }));
        } catch (e) {
          if (e instanceof GoneException) await table.delete({ TableName: 'connections', Key: item });
          else throw e;
        }
      }));
    }
  }
  return { statusCode: 200 };
};
