// Handler: handler
import { Pool } from 'pg';
import pMemoize from 'p-memoize';
const connect = async () => { const p = new Pool(); await p.query('select 1'); return p; };
const getPool = pMemoize(connect);
export const handler = async () => (await getPool()).query('select 1');
