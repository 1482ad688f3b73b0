// Handler: handler
import { Queue } from 'bullmq';
import IORedis from 'ioredis';

export const handler = async (event: { Records: { body: string }[] }) => {
  const mails = new Queue('mails', { connection: new IORedis(process.env.REDIS_URL!) }); // advice: client-in-handler
  event.Records.forEach(async (record) => { // advice: promise-not-awaited
    await mails.add('mail', JSON.parse(record.body));
  });
};
