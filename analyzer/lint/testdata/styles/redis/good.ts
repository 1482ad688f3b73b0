// Handler: handler
import { createClient } from 'redis';

const client = createClient({ url: process.env.REDIS_URL });
client.on('error', (e) => console.error(e));
const ready = client.connect();
export const handler = async (event: { key: string }) => {
  await ready;
  const hit = await client.get(event.key);
  if (hit) return JSON.parse(hit);
  const value = { at: Date.now() };
  await client.set(event.key, JSON.stringify(value), { EX: 60 });
  return value;
};
