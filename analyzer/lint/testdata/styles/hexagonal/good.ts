// Handler: handler
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { v4 } from 'uuid';
interface Port { save(id: string): Promise<void> }
class DynamoAdapter implements Port {
  constructor(private readonly doc: DynamoDBDocumentClient, private readonly table: string) {}
  async save(id: string) {
    await this.doc.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: this.table, Item: { id } } }] }));
  }
}
class PlaceOrder {
  constructor(private readonly port: Port) {}
  async execute() { const id = v4(); await this.port.save(id); return id; }
}
const useCase = new PlaceOrder(new DynamoAdapter(DynamoDBDocumentClient.from(new DynamoDBClient({})), process.env.TABLE!));
export const handler = async () => ({ statusCode: 201, body: await useCase.execute() });
