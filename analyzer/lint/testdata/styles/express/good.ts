// Handler: handler
import serverless from 'serverless-http';
import express, { Request, Response, NextFunction } from 'express';
import { Pool } from 'pg';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
const sqs = new SQSClient({});
const app = express();
app.use(express.json());

const asyncRoute = (fn: (req: Request, res: Response) => Promise<unknown>) => (req: Request, res: Response, next: NextFunction) => {
  fn(req, res).catch(next);
};

app.get('/orders/:id', asyncRoute(async (req, res) => {
  const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);
  if (rows.length === 0) return res.status(404).end();
  res.json(rows[0]);
}));
app.post('/orders', asyncRoute(async (req, res) => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into orders (body) values ($1)', [req.body]);
    await client.query('commit');
  } catch (e) {
    await client.query('rollback');
    throw e;
  } finally {
    client.release();
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE!, MessageBody: JSON.stringify(req.body) }));
  res.status(201).end();
}));
app.use((err: Error, _req: Request, res: Response, _next: NextFunction) => {
  console.error(err);
  res.status(500).json({ message: 'internal error' });
});

if (process.env.NODE_ENV === 'development') {
  app.listen(3000, () => console.log('listening'));
}
export const handler = serverless(app);
