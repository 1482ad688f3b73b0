import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { options, ask } from '../ask.cjs'

const client = new EventBridgeClient(options('eventbridge'))
export const handler = () => ask(client, () => new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{}', Time: new Date(5000) }] }))
