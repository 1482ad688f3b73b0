// Handler: handler
import { ApolloServer } from '@apollo/server';
import { startServerAndCreateLambdaHandler, handlers } from '@as-integrations/aws-lambda';
import { Pool } from 'pg';
import DataLoader from 'dataloader';
let pool: Pool | undefined;
const context = async () => {
  pool ??= new Pool();
  const p = pool;
  return { users: new DataLoader(async (ids: readonly string[]) => (await p.query('x', [ids])).rows) };
};
const server = new ApolloServer({ typeDefs: '', resolvers: { Query: { a: (_: any, a: any, c: any) => c.users.load(a.id) } } });
export const handler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler(), { context });
