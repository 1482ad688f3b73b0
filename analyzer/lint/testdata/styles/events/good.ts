// Handler: handler
import { Logger } from '@aws-lambda-powertools/logger';
import { EventEmitter } from 'events';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
const logger = new Logger();
const sqs = new SQSClient({});
const bus = new EventEmitter();
const pending: Promise<unknown>[] = [];
bus.on('order', (o) => { pending.push(sqs.send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: JSON.stringify(o) }))); });
export const handler = async (event: { orders: object[] }) => {
  event.orders.forEach((o) => bus.emit('order', o));
  event.orders.forEach((o) => logger.info('order', { o }));
  await Promise.all(pending.splice(0));
};
