// Handler: handler
import { Client } from 'pg';
import { Kafka } from 'kafkajs';
async function withDb<T>(fn: (c: Client) => Promise<T>) { const c = new Client(); try { await c.connect(); return await fn(c); } finally { await c.end(); } }
export const handler = async () => {
  const consumer = new Kafka({ brokers: ['a'] }).consumer({ groupId: 'g' });
  await consumer.connect();
  await consumer.disconnect();
  return withDb((c) => c.query('select 1'));
};
