import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'

const credentials = { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder' }
const client = new SQSClient({ region: 'eu-west-1', credentials, requestHandler: { handle: async (r) => { throw Object.assign(new Error('sent'), { request: r }) } }, maxAttempts: 1 })
export const handler = async () => {
  const { request } = await client.send(new SendMessageCommand({QueueUrl:'https://sqs.eu-west-1.amazonaws.com/1/q',MessageBody:'hello'})).catch((e) => e)
  return [request.method, request.hostname, request.path, String(request.body)]
}
