// Handler: handler
import retry from 'async-retry';
import got from 'got';
import http from 'http';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

const agent = new http.Agent(); // advice: keep-alive-off
export const handler = async (event: { path: string }) => {
  const body = await retry(async () => {
    const response = await got(`http://inventory.internal${event.path}`, {
      agent: { http: agent }, headers: { connection: 'close' }, // advice: keep-alive-off
    });
    return response.body;
  }, { retries: 3 });
  await retry(() => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: body }))); // advice: client-in-handler
};
