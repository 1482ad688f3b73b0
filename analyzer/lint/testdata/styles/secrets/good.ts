// Handler: handler
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { createPool, Pool } from 'mysql2/promise';

const secrets = new SecretsManagerClient({});
const MAX_AGE = 10 * 60 * 1000;
let pool: Pool | undefined;
let createdAt = 0;
async function database() {
  if (!pool || Date.now() - createdAt > MAX_AGE) {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.DB_SECRET }));
    const { host, username, password } = JSON.parse(SecretString!);
    await pool?.end();
    pool = createPool({ host, user: username, password, connectionLimit: 1 });
    createdAt = Date.now();
  }
  return pool;
}
export const handler = async () => {
  const db = await database();
  const [rows] = await db.query('select now() as now');
  return rows;
};
