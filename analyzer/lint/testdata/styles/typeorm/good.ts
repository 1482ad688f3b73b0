// Handler: handler
import 'reflect-metadata';
import { DataSource, Entity, PrimaryColumn } from 'typeorm';

@Entity() class User { @PrimaryColumn() id!: string; }
const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities: [User] });
async function connected() {
  if (!source.isInitialized) await source.initialize();
  return source;
}
export const handler = async (event: { id: string }) => {
  const db = await connected();
  return db.getRepository(User).findOneBy({ id: event.id });
};
