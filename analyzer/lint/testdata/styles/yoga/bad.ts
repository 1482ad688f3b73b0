// Handler: handler
import { createYoga, createSchema } from 'graphql-yoga';
import { createClient } from '@supabase/supabase-js';
import { Client, fql } from 'fauna';

const resolvers = {
  Query: {
    users: async () => {
      const supabase = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY!);
      return (await supabase.from('users').select('name')).data!.map((u) => u.name);
    },
  },
};
export async function handler(event: any) {
  const yoga = createYoga({ schema: createSchema({ typeDefs: 'type Query { users: [String!]! }', resolvers }) }); // advice: client-in-handler
  const fauna = new Client({ secret: process.env.FAUNA! }); // advice: client-in-handler
  await fauna.query(fql`1`);
  const response = await yoga.fetch(event.path, { method: 'GET' });
  return { statusCode: response.status, body: await response.text() };
}
