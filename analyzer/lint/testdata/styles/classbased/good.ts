// Handler: handler
import { APIGatewayProxyEvent } from 'aws-lambda';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

abstract class Base<E, R> {
  protected abstract run(event: E): Promise<R>;
  handler = async (event: E): Promise<R> => {
    try { return await this.run(event); } catch (e) { console.error(e); throw e; }
  };
}
class ListOrders extends Base<APIGatewayProxyEvent, unknown> {
  private doc = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  protected async run(event: APIGatewayProxyEvent) {
    const { Items } = await this.doc.send(new QueryCommand({
      TableName: 'orders', KeyConditionExpression: 'pk = :u',
      ExpressionAttributeValues: { ':u': event.requestContext.authorizer?.sub },
    }));
    return { statusCode: 200, body: JSON.stringify(Items) };
  }
}
const instance = new ListOrders();
export const handler = instance.handler;
