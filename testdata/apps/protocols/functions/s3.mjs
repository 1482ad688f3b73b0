import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { options, ask } from '../ask.cjs'

const client = new S3Client(options('s3'))
export const handler = () => ask(client, () => new PutObjectCommand({ Bucket: 'bucket', Key: 'a b/ü.txt', Body: 'hello', Metadata: { k: 'v' }, ChecksumAlgorithm: 'CRC32' }))
