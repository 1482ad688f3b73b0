// Handler: handler
import { S3Client, GetObjectCommand, CopyObjectCommand } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Agent } from 'https';

const s3 = new S3Client({ requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ maxSockets: 50 }) }) }); // advice: keep-alive-off
export const handler = async (event: any) => {
  const [record] = event.Records;
  const copy = new CopyObjectCommand({
    Bucket: process.env.OUT, Key: record.s3.object.key, CopySource: `${record.s3.bucket.name}/${record.s3.object.key}`,
  });
  s3.send(copy).catch(console.error); // advice: promise-not-awaited
  const object = await s3.send(new GetObjectCommand({ Bucket: record.s3.bucket.name, Key: record.s3.object.key }));
  return object.ContentLength;
};
