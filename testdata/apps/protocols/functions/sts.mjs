import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts'
import { options, ask } from '../ask.cjs'

const client = new STSClient(options('sts'))
export const handler = () => ask(client, () => new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/r', RoleSessionName: 's', Tags: [{ Key: 'a b', Value: 'ü&=' }] }))
