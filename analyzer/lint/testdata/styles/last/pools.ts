// Handler: handler
import { Pool } from 'pg';
const pools = { reader: null as Pool | null, writer: null as Pool | null };
const pool = (kind: 'reader' | 'writer') => {
  const existing = pools[kind];
  if (existing) return existing;
  const made = new Pool({ host: process.env[kind.toUpperCase()] });
  return (pools[kind] = made);
};
export const handler = async (e: { write: boolean }) => (e.write ? pool('writer') : pool('reader')).query('select 1');
