// Handler: handler
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
const send = (b: string) => sqs.send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: b }));
export const handler = async (event: { list: string[] }) => {
  const jobs: Promise<unknown>[] = [];
  event.list.forEach((b) => { jobs.push(send(b)); });
  const started = event.list.length > 5 ? send('many') : undefined;
  await Promise.all(jobs);
  return started?.then(() => 'sent');
};
