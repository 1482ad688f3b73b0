// Handler: handler
import middy from '@middy/core';
import { createPool } from 'mysql2/promise';
const database = (): middy.MiddlewareObj => {
  const before: middy.MiddlewareFn = async (request) => {
    const pool = createPool({ uri: process.env.DB }); // advice: client-in-handler
    Object.assign(request.context, { pool });
  };
  const after: middy.MiddlewareFn = async (request) => {
    (request.context as any).pool.end();
  };
  return { before, after };
};
export const handler = middy(async (event, context: any) => (await context.pool.query('select 1'))[0]).use(database());
