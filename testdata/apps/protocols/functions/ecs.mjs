import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs'
import { options, ask } from '../ask.cjs'

const client = new ECSClient(options('ecs'))
export const handler = () => ask(client, () => new RunTaskCommand({ taskDefinition: 't', count: 1 }))
