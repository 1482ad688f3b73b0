// Handler: handler
import { Pool } from 'pg';
const createHandler = () => { const pool = new Pool(); return async (e: any) => pool.query(e.sql); };
export const handler = createHandler();
