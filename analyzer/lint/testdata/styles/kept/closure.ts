// Handler: handler
import { S3Client } from '@aws-sdk/client-s3';
export const handler = (() => { const s3 = new S3Client({}); return async (e: any) => s3.send(e); })();
