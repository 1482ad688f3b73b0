// Handler: handler
import sharp from 'sharp';
import { S3, PutObjectCommand } from '@aws-sdk/client-s3';
import { execSync } from 'child_process';
import { readFileSync } from 'fs';

const version = execSync('uname -a').toString(); // advice: work-at-load
class Resizer {
  private s3 = new S3({}); // advice: client-in-handler
  private watermark = readFileSync(`${__dirname}/watermark.png`); // advice: read-per-invocation
  async run(key: string) {
    const { Body } = await this.s3.getObject({ Bucket: 'in', Key: key });
    const out = await sharp(await Body!.transformToByteArray()).composite([{ input: this.watermark }]).toBuffer();
    this.s3.send(new PutObjectCommand({ Bucket: 'out', Key: key, Body: out, Metadata: { version } })); // advice: promise-not-awaited
  }
}
export const handler = async (event: any) => {
  for (const r of event.Records) await new Resizer().run(r.s3.object.key);
};
