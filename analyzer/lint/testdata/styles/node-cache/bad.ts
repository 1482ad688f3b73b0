// Handler: handler
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import pg from 'pg';
const sm = new SecretsManagerClient({});
export async function getSecret(id: string) {
  return (await sm.send(new GetSecretValueCommand({ SecretId: id }))).SecretString!; // advice: fetched-per-invocation
}
export const handler = async (event: { text: string }) => {
  const [token, url] = await Promise.all([getSecret('slack'), getSecret('db')]);
  const slack = new WebClient(token); // advice: client-in-handler
  const pool = new pg.Pool({ connectionString: url }); // advice: client-in-handler
  slack.chat.postMessage({ channel: '#a', text: event.text }); // advice: promise-not-awaited
  return (await pool.query('select 1')).rows;
};
