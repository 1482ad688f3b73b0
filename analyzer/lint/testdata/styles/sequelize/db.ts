import { Client } from 'pg';
export async function withClient<T>(work: (c: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: process.env.DB });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
