import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { options, ask } from '../ask.cjs'

const client = new CloudWatchClient(options('cloudwatch-cbor', { protocol: SmithyRpcV2CborProtocol }))
export const handler = () => ask(client, () => new PutMetricDataCommand({ Namespace: 'n', MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: new Date(1000), Dimensions: [{ Name: 'a', Value: 'b' }] }] }))
