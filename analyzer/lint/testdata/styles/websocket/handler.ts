// Messages of a WebSocket API. The endpoint comes with the event: no advice about it. Handler: handler
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { PrismaClient } from '@prisma/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import OpenAI from 'openai'
import Stripe from 'stripe'

const prisma = new PrismaClient()

export const handler = async (event: { requestContext: { domainName: string, stage: string, connectionId: string } }) => {
  const { domainName, stage, connectionId } = event.requestContext
  const api = new ApiGatewayManagementApiClient({ endpoint: `https://${domainName}/${stage}` })
  const ai = new OpenAI() // advice: client-in-handler
  const stripe = new Stripe(process.env.STRIPE_KEY!) // advice: client-in-handler
  const db = drizzle(process.env.DATABASE_URL!) // advice: client-in-handler
  const said = await ai.responses.create({ model: 'm', input: 'hello' })
  await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: said.output_text }))
  void api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'bye' })) // advice: promise-not-awaited
  return { statusCode: 200, charges: await stripe.charges.list(), rows: await db.execute('select 1'), users: await prisma.user.count() }
}
