// Handler: handler
import Koa from 'koa';
import Router from '@koa/router';
import serverless from 'serverless-http';
import { createClient } from 'redis';
import fs from 'fs';
const app = new Koa();
const router = new Router({ prefix: '/v1' });
router.get('/page', (ctx) => { ctx.body = fs.readFileSync(`${__dirname}/page.html`, 'utf8'); }); // advice: read-per-invocation
router.get('/:key', async (ctx) => {
  const redis = createClient({ url: process.env.REDIS }); // advice: client-in-handler
  await redis.connect();
  ctx.body = await redis.get(ctx.params.key);
});
app.use(router.routes());
app.listen(8080); // advice: server-at-load
export const handler = serverless(app);
