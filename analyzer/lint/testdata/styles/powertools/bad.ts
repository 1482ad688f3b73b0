// Handler: handler
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSRecord, SQSHandler } from 'aws-lambda';
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const processor = new BatchProcessor(EventType.SQS);
const recordHandler = async (record: SQSRecord): Promise<void> => {
  const secrets = new SecretsProvider(); // advice: client-in-handler
  const key = await secrets.get('partner');
  const events = new EventBridgeClient({}); // advice: client-in-handler
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'paid', Detail: record.body + key }] }));
};
export const handler: SQSHandler = async (event, context) => processPartialResponse(event, recordHandler, processor, { context });
