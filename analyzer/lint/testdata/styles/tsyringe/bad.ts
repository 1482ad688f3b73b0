// Handler: handler
import 'reflect-metadata';
import { container, injectable } from 'tsyringe';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

@injectable()
class Users {
  private readonly db = new DynamoDBClient({}); // advice: client-in-handler
  get(id: string) { return this.db.send(new GetItemCommand({ TableName: 'users', Key: { id: { S: id } } })); }
}
export const handler = async (event: { id: string }) => {
  const users = container.resolve(Users);
  return users.get(event.id);
};
