// Handler: handler
import 'reflect-metadata';
import { container, inject, injectable, singleton } from 'tsyringe';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

container.register('Dynamo', { useValue: new DynamoDBClient({}) });
@singleton()
@injectable()
class Users {
  constructor(@inject('Dynamo') private readonly db: DynamoDBClient) {}
  get(id: string) { return this.db.send(new GetItemCommand({ TableName: 'users', Key: { id: { S: id } } })); }
}
export const handler = async (event: { id: string }) => container.resolve(Users).get(event.id);
