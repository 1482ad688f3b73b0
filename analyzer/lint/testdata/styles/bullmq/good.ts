// Handler: handler
import { Queue } from 'bullmq';
import IORedis from 'ioredis';

const connection = new IORedis(process.env.REDIS_URL!, { maxRetriesPerRequest: null });
const mails = new Queue('mails', { connection });
export const handler = async (event: { Records: { body: string }[] }) => {
  await mails.addBulk(event.Records.map((r) => ({ name: 'mail', data: JSON.parse(r.body) })));
};
