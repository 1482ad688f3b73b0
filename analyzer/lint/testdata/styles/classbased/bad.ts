// Handler: handler
import { APIGatewayProxyEvent } from 'aws-lambda';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { CognitoJwtVerifier } from 'aws-jwt-verify';

class Repository {
  private readonly doc: DynamoDBDocumentClient;
  constructor(client = new DynamoDBClient({})) { // advice: client-in-handler
    this.doc = DynamoDBDocumentClient.from(client);
  }
  list(user: string) {
    return this.doc.send(new QueryCommand({ TableName: 'orders', KeyConditionExpression: 'pk = :u', ExpressionAttributeValues: { ':u': user } }));
  }
}
class Controller {
  constructor(private readonly repository: Repository) {}
  private async user(event: APIGatewayProxyEvent) {
    const verifier = CognitoJwtVerifier.create({ // advice: client-in-handler
      userPoolId: process.env.POOL!, tokenUse: 'access', clientId: process.env.CLIENT!,
    });
    return (await verifier.verify(event.headers.authorization!)).sub;
  }
  async handle(event: APIGatewayProxyEvent) {
    return this.repository.list(await this.user(event));
  }
}
export const handler = async (event: APIGatewayProxyEvent) => new Controller(new Repository()).handle(event);
