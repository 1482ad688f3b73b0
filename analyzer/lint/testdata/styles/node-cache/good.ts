// Handler: handler
import NodeCache from 'node-cache';
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { Octokit } from '@octokit/rest';
const cache = new NodeCache({ stdTTL: 300 });
const sm = new SecretsManagerClient({});
async function secret(id: string) {
  const known = cache.get<string>(id);
  if (known !== undefined) return known;
  const { SecretString } = await sm.send(new GetSecretValueCommand({ SecretId: id }));
  cache.set(id, SecretString!);
  return SecretString!;
}
export const handler = async (event: { repo: string }) => {
  const octokit = new Octokit({ auth: await secret('github') });
  return (await octokit.repos.get({ owner: 'a', repo: event.repo })).data;
};
