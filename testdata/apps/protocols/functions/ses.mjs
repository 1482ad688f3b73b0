import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { options, ask } from '../ask.cjs'

const client = new SESClient(options('ses'))
export const handler = () => ask(client, () => new SendEmailCommand({ Source: 'a@example.org', Destination: { ToAddresses: ['b@example.org'] }, Message: { Subject: { Data: 'hello' }, Body: { Text: { Data: 'line\nline' } } } }))
