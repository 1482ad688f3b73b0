import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'
import { options, ask } from '../ask.cjs'

const client = new SNSClient(options('sns'))
export const handler = () => ask(client, () => new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: 'hello + & world', MessageAttributes: { k: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) } } }))
