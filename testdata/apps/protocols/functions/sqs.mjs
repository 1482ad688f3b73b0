import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'
import { options, ask } from '../ask.cjs'

const client = new SQSClient(options('sqs'))
export const handler = () => ask(client, () => new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody: 'hello', DelaySeconds: 1 }))
