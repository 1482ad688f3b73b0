// Handler: handler
import Koa from 'koa';
import Router from '@koa/router';
import serverless from 'serverless-http';
import { createClient, type RedisClientType } from 'redis';
const app = new Koa();
const router = new Router();
let redis: RedisClientType;
app.use(async (ctx, next) => {
  if (!redis?.isOpen) {
    redis = createClient({ url: process.env.REDIS });
    await redis.connect();
  }
  ctx.state.redis = redis;
  await next();
});
router.get('/:key', async (ctx) => { ctx.body = await ctx.state.redis.get(ctx.params.key); });
app.use(router.routes()).use(router.allowedMethods());
export const handler = serverless(app);
