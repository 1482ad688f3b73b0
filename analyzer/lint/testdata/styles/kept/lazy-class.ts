// Handler: handler
import { Pool } from 'pg';
class Lazy<T> { private value?: T; constructor(private make: () => T) {} get(): T { return (this.value ??= this.make()); } }
const pool = new Lazy(() => new Pool());
class Db { #pool?: Pool; get pool() { if (!this.#pool) { this.#pool = new Pool(); } return this.#pool; } async q(s: string) { return this.pool.query(s); } }
const db = new Db();
export const handler = async () => [await pool.get().query('select 1'), await db.q('select 1')];
