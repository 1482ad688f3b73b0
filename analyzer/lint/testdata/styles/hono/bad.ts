// Handler: handler
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';

const ssm = new SSMClient({});
const app = new Hono().basePath('/api');
app.use('*', async (c, next) => {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/app/origin' })); // advice: fetched-per-invocation
  c.header('access-control-allow-origin', Parameter!.Value!);
  await next();
});
app.get('/users', async (c) => {
  const db = drizzle(postgres(process.env.DATABASE_URL!)); // advice: client-in-handler
  return c.json(await db.execute('select * from users'));
});
app.get('/track', (c) => {
  fetch('https://metrics.example.com/hit', { method: 'POST' }); // advice: promise-not-awaited
  return c.text('ok');
});
export const handler = handle(app);
