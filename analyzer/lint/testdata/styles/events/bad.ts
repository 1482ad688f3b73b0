// Handler: handler
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const sqs = new SQSClient({});
async function publish(o: object) {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: JSON.stringify(o) }));
}
export const handler = async (event: { orders: object[] }) => {
  for (const o of event.orders) {
    publish(o).catch((e) => console.error(e)); // advice: promise-not-awaited
  }
  setTimeout(() => console.log('later'), 1000);
  return { statusCode: 200 };
};
