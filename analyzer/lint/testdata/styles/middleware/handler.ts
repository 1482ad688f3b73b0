// Middy with its middlewares. Handler: handler
import middy from '@middy/core'
import ssm from '@middy/ssm'
import httpJsonBodyParser from '@middy/http-json-body-parser'
import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
import { getParameter } from '@aws-lambda-powertools/parameters/ssm'
import { SSMClient, GetParametersByPathCommand } from '@aws-sdk/client-ssm'

const client = new SSMClient({})

const audit = () => ({
  before: async (request: { event: unknown }) => {
    const s3 = new S3Client({}) // advice: client-in-handler
    await s3.send(new GetObjectCommand({ Bucket: 'audit', Key: 'now' }))
  },
})

const once = () => {
  const s3 = new S3Client({})
  return { after: async () => { await s3.send(new GetObjectCommand({ Bucket: 'audit', Key: 'then' })) } }
}

const work = async (event: { body: unknown }, context: { callbackWaitsForEmptyEventLoop: boolean }) => {
  context.callbackWaitsForEmptyEventLoop = false
  const cached = await getParameter('/shop/limit')
  const all = await client.send(new GetParametersByPathCommand({ Path: '/shop' })) // advice: fetched-per-invocation
  return { statusCode: 200, body: JSON.stringify({ cached, all }) }
}

export const handler = middy(work)
  .use(httpJsonBodyParser())
  .use(ssm({ fetchData: { limit: '/shop/limit' }, cacheExpiry: 60000 }))
  .use(audit())
  .use(once())
