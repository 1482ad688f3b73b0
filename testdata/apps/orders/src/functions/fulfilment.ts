import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import middy from '@middy/core'
import { homeRegion } from '@platform/aws/home'
import { nobody, planned, type Call } from '@platform/aws/plan'
import { log, requestLog } from '@platform/log'
import Ajv, { type JSONSchemaType } from 'ajv'
import addFormats from 'ajv-formats'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'

interface PickList {
  order: string
  warehouse: 'leipzig' | 'utrecht'
  shipBy: string
  picks: { sku: string; quantity: number }[]
}

const pickList: JSONSchemaType<PickList> = {
  type: 'object',
  required: ['order', 'warehouse', 'shipBy', 'picks'],
  additionalProperties: false,
  properties: {
    order: { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' },
    warehouse: { type: 'string', enum: ['leipzig', 'utrecht'] },
    shipBy: { type: 'string', format: 'date-time' },
    picks: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
      },
    },
  },
}

const ajv = addFormats(new Ajv({ allErrors: true }), ['date-time'])
const isPickList = ajv.compile(pickList)

const queueUrl = (warehouse: string) =>
  `https://sqs.${homeRegion}.amazonaws.com/111122223333/${process.env.STAGE ?? 'dev'}-picks-${warehouse}.fifo`

interface Answer extends SQSBatchResponse {
  plan?: { calls: Call[]; rejected: Record<string, string> }
}

const client = connect()

/**
 * Sends each order's pick list to its warehouse. A message that is no pick list
 * goes back to the queue alone, and from there to the dead letters.
 */
export const handler = middy(async (event: SQSEvent & { plan?: boolean }): Promise<Answer> => {
  const batches = new Map<PickList['warehouse'], { record: SQSRecord; list: PickList }[]>()
  const rejected = new Map<string, string>()
  for (const record of event.Records) {
    const list = read(record.body)
    if (typeof list === 'string') {
      log.warn({ message: record.messageId, reason: list }, 'rejected')
      rejected.set(record.messageId, list)
    } else {
      batches.set(list.warehouse, [...(batches.get(list.warehouse) ?? []), { record, list }])
    }
  }

  const calls: Call[] = []
  const sqs = event.plan ? connect(calls) : client
  const unsent: string[] = []
  for (const [warehouse, batch] of batches) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl(warehouse),
        Entries: batch.map(({ record, list }) => ({
          Id: record.messageId,
          MessageBody: JSON.stringify({ shipBy: list.shipBy, picks: list.picks }),
          MessageGroupId: list.order,
          MessageDeduplicationId: record.messageId,
        })),
      }),
    )
    unsent.push(...Failed.map((failure) => failure.Id!))
  }
  return {
    batchItemFailures: [...rejected.keys(), ...unsent].map((itemIdentifier) => ({ itemIdentifier })),
    ...(event.plan && { plan: { calls, rejected: Object.fromEntries(rejected) } }),
  }
}).use(requestLog())

function connect(calls?: Call[]): SQSClient {
  const client = new SQSClient({ region: homeRegion, ...(calls && { credentials: nobody }) })
  if (calls) client.middlewareStack.use(planned(calls))
  return client
}

/** Returns the pick list, or what is wrong with it. */
function read(body: string): PickList | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return 'not JSON'
  }
  return isPickList(parsed) ? parsed : ajv.errorsText(isPickList.errors, { dataVar: 'list', separator: '; ' })
}
