// Handler: handler
import { Redis } from 'ioredis';
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
const parameters = new SSMProvider();
let redis: Redis | undefined;
const connect = async () => {
  const url = await parameters.get('/redis', { maxAge: 600 });
  return new Redis(url!);
};
export const handler = async (event: { id: string }) => {
  redis = redis ?? (await connect());
  const pipeline = redis.pipeline();
  pipeline.set(event.id, '1');
  pipeline.expire(event.id, 60);
  await pipeline.exec();
};
