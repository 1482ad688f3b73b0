// Handler: handler
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Client } from '@elastic/elasticsearch';

const index = async (record: any) => {
  const client = new Client({ node: process.env.ELASTIC_URL }); // advice: client-in-handler
  await client.index({ index: 'items', document: unmarshall(record.dynamodb.NewImage) });
};
export const handler = async (event: any) => {
  for (const record of event.Records) {
    if (record.eventName === 'REMOVE') continue;
    index(record); // advice: promise-not-awaited
  }
};
