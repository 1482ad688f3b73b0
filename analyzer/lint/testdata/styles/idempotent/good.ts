// Handler: handler
import { makeIdempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import Stripe from 'stripe';
import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
const store = new DynamoDBPersistenceLayer({ tableName: 'idempotency' });
const clients = new Map<string, Stripe>();
async function stripe() {
  const key = (await getSecret('stripe', { maxAge: 300 })) as string;
  if (!clients.has(key)) {
    clients.clear();
    clients.set(key, new Stripe(key));
  }
  return clients.get(key)!;
}
const pay = makeIdempotent(async (order: { id: string; amount: number }) => {
  const client = await stripe();
  return client.paymentIntents.create({ amount: order.amount, currency: 'eur' }, { idempotencyKey: order.id });
}, { persistenceStore: store, config: new IdempotencyConfig({}) });
export const handler = async (event: { order: { id: string; amount: number } }) => pay(event.order);
