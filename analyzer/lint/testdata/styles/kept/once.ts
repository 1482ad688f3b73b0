// Handler: handler
import { Pool } from 'pg';
const deps: { pool?: Pool } = {};
const init = async () => { if (deps.pool) return deps; deps.pool = new Pool(); await deps.pool.query('select 1'); return deps; };
const once = <T>(f: () => T) => { let v: T; let done = false; return () => { if (!done) { v = f(); done = true; } return v; }; };
const ready = once(init);
export const handler = async () => (await ready()).pool!.query('select 1');
