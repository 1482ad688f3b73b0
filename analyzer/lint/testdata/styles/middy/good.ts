// Handler: handler
import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import httpErrorHandler from '@middy/http-error-handler';
import ssm from '@middy/ssm';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';

const logger = new Logger();
const s3 = new S3Client({});
const upload = async (event: any, context: any) => {
  await s3.send(new PutObjectCommand({ Bucket: context.bucket, Key: event.body.key, Body: event.body.data }));
  return { statusCode: 204 };
};
const timing = () => {
  let start = 0;
  return { before: async () => { start = Date.now(); }, after: async () => { logger.info('done', { ms: Date.now() - start }); } };
};
export const handler = middy()
  .use(injectLambdaContext(logger))
  .use(ssm({ fetchData: { bucket: '/app/bucket' }, setToContext: true, cacheExpiry: 5 * 60_000 }))
  .use(httpJsonBodyParser())
  .use(timing())
  .use(httpErrorHandler())
  .handler(upload);
