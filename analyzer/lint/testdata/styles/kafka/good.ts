// Handler: handler
import { Kafka, type Producer } from 'kafkajs';
class Publisher {
  private static producer?: Promise<Producer>;
  static get() {
    return (this.producer ??= Publisher.connect());
  }
  private static async connect() {
    const kafka = new Kafka({ brokers: process.env.BROKERS!.split(',') });
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    return producer;
  }
}
export const handler = async (event: { key: string }) => {
  const producer = await Publisher.get();
  await producer.send({ topic: 't', messages: [{ key: event.key, value: '1' }] });
};
