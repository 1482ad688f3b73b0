// Handler: handler
import { Pool } from 'pg';
const connect = async () => { const p = new Pool(); await p.query('select 1'); return p; };
let dbPromise: Promise<Pool> | null = null;
async function getDb() {
  if (!dbPromise) {
    dbPromise = connect().catch((e) => { dbPromise = null; throw e; });
  }
  return dbPromise;
}
const state = { pool: null as Pool | null };
function pool() {
  if (!state.pool) {
    const made = new Pool();
    state.pool = made;
  }
  return state.pool;
}
export const handler = async () => { const db = await getDb(); pool(); return db.query('select 1'); };
