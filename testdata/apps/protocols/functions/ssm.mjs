import { SSMClient, GetParametersCommand } from '@aws-sdk/client-ssm'
import { options, ask } from '../ask.cjs'

const client = new SSMClient(options('ssm'))
export const handler = () => ask(client, () => new GetParametersCommand({ Names: ['/a', '/b'], WithDecryption: true }))
