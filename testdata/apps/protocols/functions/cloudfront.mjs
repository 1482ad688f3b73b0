import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { options, ask } from '../ask.cjs'

const client = new CloudFrontClient(options('cloudfront'))
export const handler = () => ask(client, () => new CreateInvalidationCommand({ DistributionId: 'D', InvalidationBatch: { CallerReference: 'c', Paths: { Quantity: 1, Items: ['/*'] } } }))
