import { Route53Client, ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53'
import { options, ask } from '../ask.cjs'

const client = new Route53Client(options('route-53'))
export const handler = () => ask(client, () => new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z', ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: { Name: 'a.example.org', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] } }] } }))
