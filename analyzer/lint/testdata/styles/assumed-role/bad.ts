// Handler: handler
import { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
export const handler = async () => {
  const s3 = new S3Client({ credentials: fromTemporaryCredentials({ params: { RoleArn: process.env.ROLE_ARN } }) }); // advice: client-in-handler
  return s3.send(new ListObjectsV2Command({ Bucket: process.env.BUCKET }));
};
