// Handler: handler
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
const s3 = new S3Client({});
const queue: Promise<unknown>[] = [];
const later = (p: Promise<unknown>) => { queue.push(p); };
export const handler = async (e: any) => {
  later(s3.send(new PutObjectCommand({ Bucket: 'b', Key: e.k })));
  const p = s3.send(new PutObjectCommand({ Bucket: 'c', Key: e.k }));
  const all = [1, 2].map(async (n) => s3.send(new PutObjectCommand({ Bucket: 'd', Key: String(n) })));
  try { await p; } finally { await Promise.all([...queue.splice(0), ...all]); }
};
