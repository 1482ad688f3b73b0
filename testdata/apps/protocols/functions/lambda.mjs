import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda'
import { options, ask } from '../ask.cjs'

const client = new LambdaClient(options('lambda'))
export const handler = () => ask(client, () => new InvokeCommand({ FunctionName: 'orders', Payload: JSON.stringify({ n: 1 }), LogType: 'Tail' }))
