// Handler: handler
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
class OrderRepository {
  private readonly doc: DynamoDBDocumentClient;
  constructor() {
    const client = new DynamoDBClient({}); // advice: client-in-handler
    this.doc = DynamoDBDocumentClient.from(client);
  }
  save(id: string) { return this.doc.send(new PutCommand({ TableName: 't', Item: { id } })); }
}
class PlaceOrder {
  private repository = new OrderRepository();
  execute(id: string) { return this.repository.save(id); }
}
export const handler = async (event: { id: string }) => {
  await new PlaceOrder().execute(event.id);
  return { statusCode: 201 };
};
