import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { homeRegion } from '@platform/aws/home'
import { z } from 'zod'

const input = z.object({
  order: z.ulid(),
  photo: z.object({ name: z.string().regex(/^[\w-]+\.(jpe?g|png|webp)$/i), type: z.string().startsWith('image/') }),
  bucket: z.string().min(3),
  now: z.iso.datetime(),
  // What the state machine's AssumeRole task returned: a role that may only put into this bucket.
  credentials: z.object({
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    SessionToken: z.string(),
  }),
})

const fifteenMinutes = 15 * 60

/** Lets a customer upload the photo of a damaged piece, straight into the claims bucket. */
export async function handler(event: unknown): Promise<{ url: string; method: 'PUT'; expiresAt: string }> {
  const { order, photo, bucket, now, credentials } = input.parse(event)
  const s3 = new S3Client({
    region: homeRegion,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: {
      accessKeyId: credentials.AccessKeyId,
      secretAccessKey: credentials.SecretAccessKey,
      sessionToken: credentials.SessionToken,
    },
  })
  const put = new PutObjectCommand({
    Bucket: bucket,
    Key: `claims/${order}/${photo.name.toLowerCase()}`,
    ContentType: photo.type,
    ServerSideEncryption: 'aws:kms',
  })
  const signingDate = new Date(now)
  const url = await getSignedUrl(s3, put, {
    signingDate,
    expiresIn: fifteenMinutes,
    signableHeaders: new Set(['content-type']),
  })
  return { url, method: 'PUT', expiresAt: new Date(signingDate.getTime() + fifteenMinutes * 1000).toISOString() }
}
