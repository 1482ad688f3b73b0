// Handler: handler
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { Kafka } from 'kafkajs';
import OpenAI from 'openai';

const forward = (record) => {
  const firehose = new FirehoseClient(); // advice: client-in-handler
  return firehose.send(new PutRecordCommand({ DeliveryStreamName: 'raw', Record: { Data: record } }));
};
export async function handler(event) {
  const openai = new OpenAI(); // advice: client-in-handler
  const kafka = new Kafka({ brokers: process.env.BROKERS.split(',') }); // advice: client-in-handler
  const producer = kafka.producer();
  await producer.connect();
  const texts = event.Records.map((r) => Buffer.from(r.kinesis.data, 'base64').toString());
  const { data } = await openai.embeddings.create({ model: 'text-embedding-3-small', input: texts });
  await producer.send({ topic: 'embeddings', messages: data.map((d) => ({ value: JSON.stringify(d) })) });
  await Promise.all(texts.map(forward));
  texts.forEach((t) => { forward(t); }); // advice: promise-not-awaited
}
