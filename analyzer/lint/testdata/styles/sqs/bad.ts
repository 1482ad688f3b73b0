// Handler: handler
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import moment from 'moment'; // advice: whole-package

async function processRecord(record: SQSRecord) {
  const client = new DynamoDBClient({ region: process.env.AWS_REGION }); // advice: client-in-handler
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: marshall({ ...JSON.parse(record.body), at: moment().toISOString() }) }));
}
export async function handler(event: SQSEvent) {
  await Promise.all(event.Records.map(processRecord));
}
