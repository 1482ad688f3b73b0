// Handler: handler
import { Pool } from 'pg';
import middy from '@middy/core';
const cache = new WeakMap<object, Pool>();
const key = {};
const db = () => ({ before: async (request: any) => { if (!cache.has(key)) cache.set(key, new Pool()); request.context.db = cache.get(key); } });
const setup = () => { const pool = new Pool(); return { before: async (request: any) => { request.context.db = pool; } }; };
export const handler = middy(async () => 1).use(db()).use(setup());
