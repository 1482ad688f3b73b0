// Handler: handler
import awsLambdaFastify from '@fastify/aws-lambda';
import Fastify from 'fastify';
import { MongoClient } from 'mongodb';
import Redis from 'ioredis';
import itemRoutes from './bad-routes';

const app = Fastify();
app.register(itemRoutes, { prefix: '/items' });
app.addHook('onRequest', async (request) => {
  const redis = new Redis(process.env.REDIS_URL!); // advice: client-in-handler
  const hits = await redis.incr('hits');
  request.log.info({ hits });
});
app.route({
  method: 'GET',
  url: '/stats',
  handler: async () => {
    const client = await MongoClient.connect(process.env.MONGO_URL!); // advice: client-in-handler
    return client.db('shop').collection('items').estimatedDocumentCount();
  },
});
export const handler = awsLambdaFastify(app);
