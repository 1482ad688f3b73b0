import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { options, ask } from '../ask.cjs'

const client = new CloudWatchClient(options('cloudwatch-cbor-list', { protocol: SmithyRpcV2CborProtocol }))
export const handler = () => ask(client, () => new ListMetricsCommand({ Namespace: 'n' }))
