// Handler: handler
import { parse } from 'csv-parse';
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { createWriteStream, createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const s3 = new S3Client({});
export const handler = async (event: { key: string }) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'in', Key: event.key }));
  const file = '/tmp/in.csv';
  await pipeline(Body as Readable, createWriteStream(file));
  let total = 0;
  for await (const row of createReadStream(file).pipe(parse({ columns: true }))) total += Number(row.amount);
  return { total, head: readFileSync(file, 'utf8').slice(0, 80) };
};
