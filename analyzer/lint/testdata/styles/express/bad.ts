// Handler: handler
import serverless from 'serverless-http';
import express from 'express';
import { Pool } from 'pg';
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import _ from 'lodash'; // advice: whole-package

export function createApp() {
  const app = express();
  app.use(express.json());
  app.get('/orders/:id', async (req, res) => {
    const pool = new Pool({ connectionString: process.env.DATABASE_URL }); // advice: client-in-handler
    const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);
    res.json(_.pick(rows[0], ['id', 'total']));
  });
  const router = express.Router();
  router.get('/terms', (_req, res) => {
    res.type('html').send(readFileSync(path.join(__dirname, 'terms.html'), 'utf8')); // advice: read-per-invocation
  });
  router.post('/notify', async (req, res) => {
    const sns = new SNSClient({ region: 'eu-west-1' }); // advice: client-in-handler
    await sns.send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: JSON.stringify(req.body) }));
    res.status(202).end();
  });
  app.use('/v1', router);
  return app;
}

const app = createApp();
app.listen(3000); // advice: server-at-load
export const handler = serverless(app);
