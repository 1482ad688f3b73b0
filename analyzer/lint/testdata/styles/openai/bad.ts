// Handler: handler
import OpenAI from 'openai';
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
const sm = new SecretsManagerClient({});
const apiKey = async () => {
  const command = new GetSecretValueCommand({ SecretId: 'openai' });
  const { SecretString } = await sm.send(command); // advice: fetched-per-invocation
  return SecretString;
};
export const handler = async (event: { text: string }) => {
  const openai = new OpenAI({ apiKey: await apiKey() }); // advice: client-in-handler
  const r = await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: event.text }] });
  return r.choices[0].message.content;
};
