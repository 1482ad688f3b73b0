// Handler: handler
import { AutoRouter } from 'itty-router';
import { DocumentClient } from 'aws-sdk/clients/dynamodb'; // advice: aws-sdk-v2
import { Client as Search } from '@opensearch-project/opensearch';
const router = AutoRouter();
router
  .get('/find/:q', async ({ params }) => {
    const search = new Search({ node: process.env.SEARCH }); // advice: client-in-handler
    return search.search({ index: 'a', q: params.q });
  })
  .get('/item/:id', async ({ params }) => {
    const table = new DocumentClient(); // advice: client-in-handler
    return table.get({ TableName: 't', Key: { id: params.id } }).promise();
  });
export const handler = async (event: any) => router.fetch({ method: event.httpMethod, url: event.path });
