import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { options, ask } from '../ask.cjs'

const client = new CloudFormationClient(options('cloudformation'))
export const handler = () => ask(client, () => new DescribeStacksCommand({ StackName: 'orders' }))
