// Handler: handler
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
import { TimestreamWriteClient, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
const s3 = new S3Client();
const write = async (records) => {
  const client = new TimestreamWriteClient(); // advice: client-in-handler
  return client.send(new WriteRecordsCommand({ DatabaseName: 'd', TableName: 't', Records: records }));
};
export const handler = async ({ Records }) => {
  for (const { s3: { bucket, object } } of Records) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: object.key }));
    const rows = (await Body.transformToString()).split('\n');
    while (rows.length) write(rows.splice(0, 100)); // advice: promise-not-awaited
  }
};
