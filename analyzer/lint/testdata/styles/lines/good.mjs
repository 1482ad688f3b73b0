// Handler: handler
import { createGunzip } from 'node:zlib';
import { createInterface } from 'node:readline';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { TimestreamWriteClient, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
const [s3, timestream] = [new S3Client(), new TimestreamWriteClient()];
export const handler = async ({ Records }) => {
  for (const { s3: { bucket, object } } of Records) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
    const lines = createInterface({ input: Body.pipe(createGunzip()) });
    const writes = new Set();
    for await (const line of lines) {
      const write = timestream.send(new WriteRecordsCommand({ DatabaseName: 'd', TableName: 't', Records: [JSON.parse(line)] }));
      writes.add(write);
      write.finally(() => writes.delete(write));
      if (writes.size > 8) await Promise.race(writes);
    }
    await Promise.all(writes);
  }
};
