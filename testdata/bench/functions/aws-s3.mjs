import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'

const credentials = { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder' }
const client = new S3Client({ region: 'eu-west-1', credentials, requestHandler: { handle: async (r) => { throw Object.assign(new Error('sent'), { request: r }) } }, maxAttempts: 1 })
export const handler = async () => {
  const { request } = await client.send(new PutObjectCommand({Bucket:'bucket',Key:'a/b.txt',Body:'hello'})).catch((e) => e)
  return [request.method, request.hostname, request.path, String(request.body)]
}
