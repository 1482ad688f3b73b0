import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { options, ask } from '../ask.cjs'

const client = new CloudWatchClient(options('cloudwatch'))
export const handler = () => ask(client, () => new GetMetricStatisticsCommand({ Namespace: 'n', MetricName: 'm', StartTime: new Date(0), EndTime: new Date(60000), Period: 60, Statistics: ['Sum'] }))
