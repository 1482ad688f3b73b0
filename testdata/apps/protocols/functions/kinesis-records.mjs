import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { options, ask } from '../ask.cjs'

const client = new KinesisClient(options('kinesis-records'))
export const handler = () => ask(client, () => new PutRecordCommand({ StreamName: 's', Data: new Uint8Array([9]), PartitionKey: 'p' }))
