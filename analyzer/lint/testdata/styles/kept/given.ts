// Handler: handler
import { Pool } from 'pg';
class Repo { private pool: Pool; constructor(pool: Pool) { this.pool = pool; } find(id: string) { return this.pool.query('select 1'); } }
class Services { private pool?: Pool; get db() { if (!this.pool) this.pool = new Pool(); return this.pool; } }
const services = new Services();
const shared = new Pool();
export const handler = async (event: any) => { const repo = new Repo(shared); return [await repo.find(event.id), services.db]; };
