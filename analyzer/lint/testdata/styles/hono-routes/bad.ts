// Handler: handler
import { scryptSync } from 'crypto';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { Client } from 'pg';
import users from './bad-users';
const KEY = scryptSync(process.env.SECRET!, 'salt', 32); // advice: work-at-load
const app = new Hono();
app.route('/users', users);
app.get('/key', async (c) => {
  const db = new Client(); // advice: client-in-handler
  await db.connect();
  await db.query('insert into hits values (1)');
  return c.text(KEY.toString('hex'));
});
export const handler = handle(app);
