import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { order, type Order } from '@domain/order'
import { price } from '@domain/pricing'
import middy from '@middy/core'
import { homeRegion, ordersTable } from '@platform/aws/home'
import { nobody, planned, type Call } from '@platform/aws/plan'
import { log, requestLog } from '@platform/log'
import { v5 as uuid } from 'uuid'
import { z } from 'zod'

const input = z.object({ order, plan: z.boolean().default(false) })

const client = connect()

/** Stores a checked-out order and its lines, all or nothing, once. */
export const handler = middy(async (event: unknown) => {
  const { order, plan } = input.parse(event)
  const calls: Call[] = []
  await (plan ? connect(calls) : client).send(save(order))
  log.info({ order }, 'saved')
  return { id: order.id, ...(plan && { calls }) }
}).use(requestLog())

function connect(calls?: Call[]): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ region: homeRegion, ...(calls && { credentials: nobody }) })
  if (calls) client.middlewareStack.use(planned(calls))
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

function save(order: Order): TransactWriteCommand {
  const { lines, ...totals } = price(order.lines, order.shipTo.country, order.coupon)
  const pk = `ORDER#${order.id}`
  return new TransactWriteCommand({
    // The state machine may try again: the same order is the same request.
    ClientRequestToken: uuid(order.id, uuid.URL),
    TransactItems: [
      {
        Put: {
          TableName: ordersTable,
          Item: {
            pk,
            sk: 'ORDER',
            customerId: order.customerId,
            placedAt: order.placedAt,
            shipTo: order.shipTo,
            coupon: order.coupon,
            skus: new Set(lines.map((line) => line.sku)),
            ...totals,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      ...lines.map((line, i) => ({
        Put: { TableName: ordersTable, Item: { pk, sk: `LINE#${String(i + 1).padStart(3, '0')}`, ...line } },
      })),
    ],
  })
}
