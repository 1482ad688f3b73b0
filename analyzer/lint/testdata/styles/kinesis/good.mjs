// Handler: handler
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { once } from 'node:events';
const firehose = new FirehoseClient();
const memo = (f) => { let p; return () => (p ??= f().catch((e) => { p = undefined; throw e; })); };
const config = memo(async () => (await fetch(process.env.CONFIG_URL)).json());
export async function handler(event) {
  const { stream } = await config();
  const Records = event.Records.map((r) => ({ Data: Buffer.from(r.kinesis.data, 'base64') }));
  for (let i = 0; i < Records.length; i += 500) {
    await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: Records.slice(i, i + 500) }));
  }
}
