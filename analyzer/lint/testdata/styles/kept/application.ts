// Handler: handler
import express from 'express';
import serverless from 'serverless-http';
import { Pool } from 'pg';
let app: any;
async function build() {
  const pool = new Pool();
  await pool.query('select 1');
  const a = express();
  a.locals.pool = pool;
  a.get('/', async (req, res) => { res.json((await req.app.locals.pool.query('select 1')).rows); });
  return serverless(a);
}
export const handler = async (event: any, context: any) => {
  if (!app) app = await build();
  return app(event, context);
};
