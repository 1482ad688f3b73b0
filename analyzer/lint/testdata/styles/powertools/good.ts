// Handler: handler
import { Router } from '@aws-lambda-powertools/event-handler/http';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { getParameter } from '@aws-lambda-powertools/parameters/ssm';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';

const tracer = new Tracer();
const ddb = DynamoDBDocument.from(tracer.captureAWSv3Client(new DynamoDBClient({})));
const app = new Router();
app.get('/price/:id', async ({ params }) => {
  const currency = await getParameter('/shop/currency', { maxAge: 300 });
  const key = await getSecret('pricing-key', { maxAge: 600 });
  const { Item } = await ddb.get({ TableName: process.env.TABLE!, Key: { id: params.id } });
  return { currency, signed: Boolean(key), price: Item?.price };
});
export const handler = async (event: unknown, context: any) => app.resolve(event, context);
