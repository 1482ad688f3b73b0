// Handler: handler
import { DataSource } from 'typeorm';
import { createConnection } from 'mysql2/promise';

const getConnection = async () => {
  const ds = new DataSource({ type: 'mysql', url: process.env.DATABASE_URL }); // advice: client-in-handler
  return ds.initialize();
};
export const handler = async (event: { id: string }) => {
  const db = await getConnection();
  const raw = await createConnection(process.env.LEGACY_URL!); // advice: client-in-handler
  const [rows] = await raw.query('select 1');
  return { user: await db.query('select * from users where id = ?', [event.id]), rows };
};
