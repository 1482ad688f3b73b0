// Handler: handler
import sharp from 'sharp';
import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Event } from 'aws-lambda';

sharp.cache(false);
const s3 = new S3Client({});
const WIDTHS = [320, 640, 1280];
export const handler = async ({ Records }: S3Event) => {
  await Promise.all(Records.map(async ({ s3: { bucket, object } }) => {
    const source = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
    const image = sharp(await source.Body!.transformToByteArray());
    await Promise.all(WIDTHS.map(async (width) => {
      const Body = await image.clone().resize({ width }).webp().toBuffer();
      await s3.send(new PutObjectCommand({ Bucket: process.env.OUT!, Key: `${width}/${object.key}.webp`, Body }));
    }));
  }));
};
