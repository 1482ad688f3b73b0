import { APIGatewayClient, UpdateRestApiCommand } from '@aws-sdk/client-api-gateway'
import { options, ask } from '../ask.cjs'

const client = new APIGatewayClient(options('api-gateway'))
export const handler = () => ask(client, () => new UpdateRestApiCommand({ restApiId: 'a/b', patchOperations: [{ op: 'replace', path: '/name', value: 'n' }] }))
