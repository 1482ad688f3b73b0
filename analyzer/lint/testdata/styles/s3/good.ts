// Handler: handler
import type { S3Event } from 'aws-lambda';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createGzip } from 'zlib';
import { pipeline } from 'stream/promises';
import { PassThrough, Readable } from 'stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent } from 'https';

const s3 = new S3Client({ requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ keepAlive: true, maxSockets: 50 }) }) });
export const handler = async (event: S3Event) => {
  for (const { s3: source } of event.Records) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: source.bucket.name, Key: decodeURIComponent(source.object.key) }));
    const through = new PassThrough();
    const upload = new Upload({ client: s3, params: { Bucket: process.env.OUT, Key: `${source.object.key}.gz`, Body: through } });
    const piped = pipeline(Body as Readable, createGzip(), through);
    await Promise.all([piped, upload.done()]);
  }
};
