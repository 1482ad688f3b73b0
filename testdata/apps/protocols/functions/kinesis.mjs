import { KinesisClient, SubscribeToShardCommand } from '@aws-sdk/client-kinesis'
import { options, ask } from '../ask.cjs'

const client = new KinesisClient(options('kinesis'))
export const handler = () => ask(client, () => new SubscribeToShardCommand({ ConsumerARN: 'arn:aws:kinesis:eu-west-1:1:stream/s/consumer/c:1', ShardId: 'shard', StartingPosition: { Type: 'LATEST' } }))
