// Handler: handler
import { Kafka } from 'kafkajs';
export class Publisher {
  async publish(key: string) {
    const kafka = new Kafka({ brokers: process.env.BROKERS!.split(',') }); // advice: client-in-handler
    const producer = kafka.producer();
    await producer.connect();
    producer.send({ topic: 't', messages: [{ key, value: '1' }] }); // advice: promise-not-awaited
  }
}
const publisher = new Publisher();
export const handler = async (event: { key: string }) => {
  await publisher.publish(event.key);
  return { statusCode: 202 };
};
