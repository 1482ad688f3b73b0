// Handler: handler
import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { randomUUID } from 'crypto';
const sts = new STSClient({});
export const handler = async () => {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: process.env.ROLE_ARN, RoleSessionName: randomUUID() }));
  const s3 = new S3Client({
    credentials: { accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken },
  });
  return s3.send(new ListObjectsV2Command({ Bucket: process.env.BUCKET }));
};
