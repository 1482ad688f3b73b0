// Handler: handler
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import type { MiddlewareHandler } from 'hono';
import { PrismaClient } from '@prisma/client';
import * as R from 'ramda';
const database: MiddlewareHandler = async (c, next) => {
  c.set('db', new PrismaClient()); // advice: client-in-handler
  await next();
};
const app = new Hono()
  .use(database)
  .get('/', async (c) => c.json(await (c.get('db' as never) as any).a.findMany()))
  .get('/r', (c) => c.json(R.sum([1])));
export const handler = handle(app);
