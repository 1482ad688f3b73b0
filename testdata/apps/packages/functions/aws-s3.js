'use strict'
const { S3Client, GetObjectCommand, ListObjectsV2Command } = require('@aws-sdk/client-s3')
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner')
const { Readable } = require('node:stream')

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }
const xml = '<ListBucketResult><Name>photos</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b.jpg</Key><Size>17</Size><LastModified>2024-02-29T12:00:00.000Z</LastModified></Contents></ListBucketResult>'

exports.handler = async ({ bucket, key, at }) => {
  const client = new S3Client({ region: 'eu-west-1', credentials })
  const url = new URL(await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 900, signingDate: new Date(at) }))
  const asked = []
  const stubbed = new S3Client({
    region: 'eu-west-1',
    credentials,
    requestHandler: { handle: async (request) => { asked.push(`${request.method} ${request.hostname}${request.path}`); return { response: { statusCode: 200, headers: {}, body: Readable.from([xml]) } } } }
  })
  const { Contents } = await stubbed.send(new ListObjectsV2Command({ Bucket: bucket }))
  return { host: url.host, path: url.pathname, signature: url.searchParams.get('X-Amz-Signature'), asked, Contents }
}
