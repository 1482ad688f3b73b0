// Handler: handler
import { Pool } from 'pg';
const g = globalThis as any;
const KEY = Symbol.for('pool');
function pool(): Pool { if (!g[KEY]) g[KEY] = new Pool(); return g[KEY]; }
function pool2(): Pool { return g.__pool ?? (g.__pool = new Pool()); }
function pool3(): Pool { let p = g.p3; if (p === undefined) { p = new Pool(); g.p3 = p; } return p; }
export const handler = async () => [pool(), pool2(), pool3()];
