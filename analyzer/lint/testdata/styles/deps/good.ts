// Handler: handler
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
type Deps = { db: DynamoDBDocumentClient; verifier: { verify(t: string): Promise<any> } };
export const makeHandler = ({ db, verifier }: Deps) => async (event: any) => {
  const { sub } = await verifier.verify(event.headers.authorization);
  return (await db.send(new GetCommand({ TableName: 'users', Key: { sub } }))).Item;
};
export const handler = makeHandler({
  db: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  verifier: CognitoJwtVerifier.create({ userPoolId: process.env.POOL!, tokenUse: 'id', clientId: null }),
});
