// Handler: handler
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import Stripe from 'stripe';
const pay = makeIdempotent(async (order: { id: string; amount: number }) => {
  const client = new Stripe(process.env.STRIPE!); // advice: client-in-handler
  return client.paymentIntents.create({ amount: order.amount, currency: 'eur' });
}, { persistenceStore: new DynamoDBPersistenceLayer({ tableName: 'idempotency' }) });
export const handler = async (event: { order: { id: string; amount: number } }) => pay(event.order);
