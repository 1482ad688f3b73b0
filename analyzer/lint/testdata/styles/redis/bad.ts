// Handler: handler
import { createClient } from 'redis';

async function getClient() {
  const client = createClient({ url: process.env.REDIS_URL }); // advice: client-in-handler
  await client.connect();
  return client;
}
export const handler = async (event: { key: string; value: string }) => {
  const client = await getClient();
  const previous = await client.get(event.key);
  client.set(event.key, event.value); // advice: promise-not-awaited
  return previous;
};
