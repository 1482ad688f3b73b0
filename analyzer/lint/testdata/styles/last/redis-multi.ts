// Handler: handler
import { createClient } from 'redis';
import { Kafka } from 'kafkajs';
const multi = createClient();
const producer = new Kafka({ brokers: ['a'] }).producer();
const up = Promise.all([multi.connect(), producer.connect()]);
export const handler = async (event: { k: string }) => {
  await up;
  const m = multi.multi();
  m.set(event.k, '1');
  m.incr('n');
  await m.exec();
  await producer.send({ topic: 't', messages: [] });
};
