import { EC2Client, DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { options, ask } from '../ask.cjs'

const client = new EC2Client(options('ec2'))
export const handler = () => ask(client, () => new DescribeInstancesCommand({ InstanceIds: ['i-1', 'i-2'], Filters: [{ Name: 'tag:a', Values: ['b'] }] }))
