// Handler: handler
import type { DynamoDBStreamEvent, DynamoDBRecord } from 'aws-lambda';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Client } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws';
import { defaultProvider } from '@aws-sdk/credential-provider-node';

const search = new Client({
  ...AwsSigv4Signer({ region: process.env.AWS_REGION!, service: 'es', getCredentials: () => defaultProvider()() }),
  node: process.env.SEARCH_URL,
});
const operation = (record: DynamoDBRecord) => {
  const keys = unmarshall(record.dynamodb!.Keys as any);
  return record.eventName === 'REMOVE'
    ? [{ delete: { _index: 'items', _id: keys.pk } }]
    : [{ index: { _index: 'items', _id: keys.pk } }, unmarshall(record.dynamodb!.NewImage as any)];
};
export const handler = async (event: DynamoDBStreamEvent) => {
  const { body } = await search.bulk({ body: event.Records.flatMap(operation) });
  if (body.errors) throw new Error('bulk failed');
};
