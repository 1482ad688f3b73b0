// Handler: handler
import awsLambdaFastify from '@fastify/aws-lambda';
import Fastify, { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { MongoClient } from 'mongodb';

const db = fp(async (app: FastifyInstance) => {
  const client = new MongoClient(process.env.MONGO_URL!);
  await client.connect();
  app.decorate('mongo', client.db('shop'));
  app.addHook('onClose', async () => client.close());
});

const app = Fastify({ logger: true });
app.register(db);
app.get('/items/:id', { schema: { params: { type: 'object', properties: { id: { type: 'string' } } } } }, async (request, reply) => {
  const item = await (app as any).mongo.collection('items').findOne({ _id: (request.params as any).id });
  if (!item) return reply.code(404).send();
  return item;
});
app.addHook('onRequest', async (request) => {
  request.log.info({ path: request.url }, 'request');
});

const proxy = awsLambdaFastify(app);
export const handler = async (event: unknown, context: unknown) => proxy(event as any, context as any);
await app.ready();
