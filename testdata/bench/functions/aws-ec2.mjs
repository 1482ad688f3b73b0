import { EC2Client, DescribeInstancesCommand } from '@aws-sdk/client-ec2'

const credentials = { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder' }
const client = new EC2Client({ region: 'eu-west-1', credentials, requestHandler: { handle: async (r) => { throw Object.assign(new Error('sent'), { request: r }) } }, maxAttempts: 1 })
export const handler = async () => {
  const { request } = await client.send(new DescribeInstancesCommand({InstanceIds:['i-1']})).catch((e) => e)
  return [request.method, request.hostname, request.path, String(request.body)]
}
