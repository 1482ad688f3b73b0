import { KMSClient } from '@aws-sdk/client-kms';
import { Pool } from 'pg';
export const kms = () => new KMSClient({}); // advice: client-in-handler
export class Db {
  static async create() {
    const pool = new Pool({ max: 1 }); // advice: client-in-handler
    return new Db(pool);
  }
  constructor(private pool: Pool) {}
  query(sql: string) { return this.pool.query(sql); }
}
