// Handler: handler
import { Pool } from 'pg';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const container = {
  pool: () => new Pool(), // advice: client-in-handler
  get sqs() { return new SQSClient({}); }, // advice: client-in-handler
};
export const handler = async (event: { id: string }) => {
  const { rows } = await container.pool().query('select * from orders where id = $1', [event.id]);
  await container.sqs.send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: JSON.stringify(rows) }));
};
