// Handler: handler
import middy from '@middy/core';
import secretsManager, { secret } from '@middy/secrets-manager';
import { createPool, type Pool } from 'mysql2/promise';
let pool: Pool | undefined;
const withDatabase = () => {
  const before = async (request: any) => {
    pool ??= createPool({ uri: request.context.db });
    request.context.pool = pool;
  };
  return { before };
};
export const handler = middy()
  .use(secretsManager({ fetchData: { db: secret('db') }, awsClientOptions: {}, setToContext: true, cacheExpiry: 60_000 }))
  .use(withDatabase())
  .handler(async (event: any, context: any) => (await context.pool.query('select 1'))[0]);
