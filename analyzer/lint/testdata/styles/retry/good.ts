// Handler: handler
import pRetry, { AbortError } from 'p-retry';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
async function withBackoff<T>(work: () => Promise<T>, tries = 3): Promise<T> {
  for (let i = 0; ; i++) {
    try {
      return await work();
    } catch (e) {
      if (i >= tries) throw e;
      await sleep(2 ** i * 100);
    }
  }
}
export const handler = async (event: { url: string }) => {
  const body = await pRetry(async () => {
    const r = await fetch(event.url, { signal: AbortSignal.timeout(2000) });
    if (r.status === 404) throw new AbortError('gone');
    return r.text();
  });
  await withBackoff(() => sqs.send(new SendMessageCommand({ QueueUrl: process.env.Q, MessageBody: body })));
};
