import awsLambdaFastify from '@fastify/aws-lambda'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import Fastify from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    awsLambda: { event: APIGatewayProxyEventV2; context: Context }
  }
}

interface Refund {
  order: string
  reason: 'damaged' | 'late' | 'withdrawn'
  lines: { sku: string; quantity: number; cents: number }[]
}

const app = Fastify({ logger: false })

// API Gateway sets its own.
app.addHook('onRequest', async (_, reply) => {
  reply.raw.sendDate = false
})

app.post<{ Body: Refund; Headers: { 'x-staff': string } }>(
  '/refunds',
  {
    schema: {
      headers: { type: 'object', required: ['x-staff'], properties: { 'x-staff': { type: 'string', minLength: 2 } } },
      body: {
        type: 'object',
        required: ['order', 'reason', 'lines'],
        additionalProperties: false,
        properties: {
          order: { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' },
          reason: { enum: ['damaged', 'late', 'withdrawn'] },
          lines: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['sku', 'quantity', 'cents'],
              properties: {
                sku: { type: 'string' },
                quantity: { type: 'integer', minimum: 1 },
                cents: { type: 'integer', minimum: 0 },
              },
            },
          },
        },
      },
      // Only what is named here leaves the house: who approved it stays inside.
      response: {
        201: {
          type: 'object',
          properties: {
            order: { type: 'string' },
            cents: { type: 'integer' },
            restock: { type: 'array', items: { type: 'string' } },
            bookedAt: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
  },
  async (request, reply) => {
    const { order, reason, lines } = request.body
    const { requestContext } = request.awsLambda.event
    reply.code(201)
    return {
      order,
      cents: lines.reduce((sum, line) => sum + line.quantity * line.cents, 0),
      restock: reason === 'damaged' ? [] : lines.map((line) => line.sku),
      bookedAt: new Date(requestContext.timeEpoch),
      approvedBy: request.headers['x-staff'],
    }
  },
)

export const handler = awsLambdaFastify(app)
