import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import { options, ask } from '../ask.cjs'

const client = new SFNClient(options('sfn'))
export const handler = () => ask(client, () => new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:1:stateMachine:s', input: '{}' }))
