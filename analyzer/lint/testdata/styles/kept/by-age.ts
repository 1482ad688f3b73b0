// Handler: handler
import { Pool } from 'pg';
import { attachDatabasePool } from '@vercel/functions';
const state = new Map<string, { pool: Pool; at: number }>();
function get(url: string) {
  const now = Date.now();
  const entry = state.get(url);
  if (entry && now - entry.at < 1000) return entry.pool;
  const pool = new Pool({ connectionString: url });
  state.set(url, { pool, at: now });
  return pool;
}
export const handler = async () => get(process.env.URL!).query('select 1');
