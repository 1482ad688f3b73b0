// Handler: handler
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { readFileSync } from 'node:fs';
import crypto from 'node:crypto';
const sm = new SecretsManagerClient({});
const secret = await sm.send(new GetSecretValueCommand({ SecretId: 'jwt' })); // advice: cached-for-ever
const keys = crypto.generateKeyPairSync('rsa', { modulusLength: 4096 }); // advice: work-at-load
export const handler = async (event: { body: string }) => {
  const cert = readFileSync(new URL('./cert.pem', import.meta.url)); // advice: read-per-invocation
  return crypto.createHmac('sha256', secret.SecretString!).update(event.body).update(cert).digest('hex') + keys.publicKey.type;
};
