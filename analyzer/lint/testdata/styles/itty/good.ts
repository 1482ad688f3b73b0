// Handler: handler
import { Router } from 'itty-router';
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
const s3 = new S3Client({});
const router = Router();
const json = (body: unknown, statusCode = 200) => ({ statusCode, body: JSON.stringify(body) });
router
  .get('/upload/:name', async ({ params }) => {
    return json({ url: await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'b', Key: params.name })) });
  })
  .post('/hook', async (request) => { console.log(request.body); return json({}, 202); })
  .all('*', () => json({}, 404));
export const handler = async (event: any) => router.fetch({ method: event.httpMethod, url: event.path, body: event.body });
