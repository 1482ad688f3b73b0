import { CloudWatchLogsClient, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { options, ask } from '../ask.cjs'

const client = new CloudWatchLogsClient(options('cloudwatch-logs'))
export const handler = () => ask(client, () => new PutLogEventsCommand({ logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 1, message: 'm' }] }))
