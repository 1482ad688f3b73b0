// Handler: handler
import { Pool } from 'pg';
import { S3Client } from '@aws-sdk/client-s3';
class Database {
  private static instance: Database;
  private pool: Pool;
  private constructor() { this.pool = new Pool(); }
  static getInstance() {
    if (!Database.instance) {
      Database.instance = new Database();
    }
    return Database.instance;
  }
  private _s3?: S3Client;
  get s3() { return (this._s3 ||= new S3Client({})); }
  query(sql: string) { return this.pool.query(sql); }
}
export const handler = async () => { const db = Database.getInstance(); await db.query('select 1'); return db.s3; };
