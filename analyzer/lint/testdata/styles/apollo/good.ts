// Handler: graphqlHandler
import { ApolloServer } from '@apollo/server';
import { startServerAndCreateLambdaHandler, handlers } from '@as-integrations/aws-lambda';
import { readFileSync } from 'fs';
import { join } from 'path';
import DataLoader from 'dataloader';
import { Pool } from 'pg';

const pool = new Pool();
const typeDefs = readFileSync(join(__dirname, 'schema.graphql'), 'utf8');
const resolvers = {
  Query: { user: (_: unknown, { id }: { id: string }, ctx: any) => ctx.users.load(id) },
};
const server = new ApolloServer({ typeDefs, resolvers });
export const graphqlHandler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler(), {
  context: async () => ({
    users: new DataLoader(async (ids: readonly string[]) => {
      const { rows } = await pool.query('select * from users where id = any($1)', [ids]);
      return ids.map((id) => rows.find((r) => r.id === id));
    }),
  }),
});
