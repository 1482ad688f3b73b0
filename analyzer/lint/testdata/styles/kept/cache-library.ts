// Handler: handler
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { createCache } from 'async-cache-dedupe';
const ssm = new SSMClient({});
const cache = createCache({ ttl: 60 }).define('param', async (name: string) => (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter!.Value);
export const handler = async () => cache.param('/a');
