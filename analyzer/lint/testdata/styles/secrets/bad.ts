// Handler: handler
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import mysql from 'mysql2/promise';

const secrets = new SecretsManager({});
let password: string;
export const handler = async (event: { sql: string }) => {
  if (!password) {
    const { SecretString } = await secrets.getSecretValue({ SecretId: 'db' }); // advice: cached-for-ever
    password = JSON.parse(SecretString!).password;
  }
  const pool = mysql.createPool({ host: process.env.DB_HOST, user: 'app', password }); // advice: client-in-handler
  const [rows] = await pool.query(event.sql);
  return rows;
};
