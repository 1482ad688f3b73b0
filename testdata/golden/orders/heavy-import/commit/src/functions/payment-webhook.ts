import { createPublicKey, verify } from 'node:crypto'
import { Notice } from '@domain/payments'
import provider from '@domain/payment-provider.json'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { plainToInstance } from 'class-transformer'
import { due } from '@domain/due'

const key = createPublicKey({ key: provider.key, format: 'jwk' })

const fiveMinutes = 5 * 60 * 1000

/** Takes the payment provider's notices and answers with the events to publish, one for each payment. */
export async function handler(event: APIGatewayProxyEventV2) {
  if (!isGenuine(event)) return { statusCode: 403, body: JSON.stringify({ title: 'bad signature' }) }
  const notice = plainToInstance(Notice, JSON.parse(event.body!), { excludeExtraneousValues: true })
  const events = notice.payments.map((payment) => ({
    // Rules on the event bus match on these: CardPayment.settled, BankTransfer.settled, ...
    type: `${payment.constructor.name}.${payment.settled ? 'settled' : 'pending'}`,
    detail: { ...payment, due: due(new Date(event.requestContext.timeEpoch).toISOString()) },
  }))
  return { statusCode: 200, body: JSON.stringify({ attempt: notice.attempt, events }) }
}

function isGenuine({ headers, body, requestContext }: APIGatewayProxyEventV2): boolean {
  const sentAt = Number(headers['x-provider-time'])
  if (!(Math.abs(requestContext.timeEpoch - sentAt) < fiveMinutes)) return false
  const signature = Buffer.from(headers['x-provider-signature'] ?? '', 'base64url')
  return verify(null, Buffer.from(`${sentAt}.${body ?? ''}`), key, signature)
}
