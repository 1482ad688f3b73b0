// A queue consumer. Handler: handler
import type { SQSEvent } from 'aws-lambda'
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import Redis from 'ioredis'
import { notify } from './notify'

const s3 = new S3Client({})

export async function handler(event: SQSEvent) {
  const cache = new Redis(process.env.REDIS_URL!) // advice: client-in-handler
  event.Records.forEach(async record => { // advice: promise-not-awaited
    await s3.send(new PutObjectCommand({ Bucket: 'orders', Key: record.messageId, Body: record.body }))
  })
  await Promise.all(event.Records.map(async record => cache.set(record.messageId, 'seen')))
  for (const record of event.Records) {
    s3.send(new PutObjectCommand({ Bucket: 'log', Key: record.messageId, Body: '' })) // advice: promise-not-awaited
    await notify(record.body)
  }
  event.Records.forEach(record => { console.log(record.messageId) })
}
