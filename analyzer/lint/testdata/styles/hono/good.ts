// Handler: handler
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { HTTPException } from 'hono/http-exception';

const db = drizzle(new Pool({ connectionString: process.env.DATABASE_URL }));
const app = new Hono<{ Variables: { user: string } }>();
app.use('*', async (c, next) => {
  const started = Date.now();
  await next();
  c.header('server-timing', `app;dur=${Date.now() - started}`);
});
app.get('/health', (c) => c.text('ok'));
app.get('/users/:id', async (c) => {
  const rows = await db.execute(`select 1`);
  if (!rows) throw new HTTPException(404);
  return c.json(rows);
});
app.onError((e, c) => c.json({ message: e.message }, 500));
export const handler = handle(app);
