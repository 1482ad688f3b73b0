// Handler: handler
import { createYoga, createSchema } from 'graphql-yoga';
import { createClient } from '@supabase/supabase-js';
import type { APIGatewayEvent, Context } from 'aws-lambda';

const supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY!);
const yoga = createYoga<{ event: APIGatewayEvent; lambdaContext: Context }>({
  schema: createSchema({
    typeDefs: 'type Query { users: [String!]! }',
    resolvers: { Query: { users: async () => (await supabase.from('users').select('name')).data!.map((u) => u.name) } },
  }),
});
export async function handler(event: APIGatewayEvent, lambdaContext: Context) {
  const response = await yoga.fetch(event.path, {
    method: event.httpMethod, headers: event.headers as any, body: event.body ?? undefined,
  }, { event, lambdaContext });
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
