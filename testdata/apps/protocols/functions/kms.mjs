import { KMSClient, EncryptCommand } from '@aws-sdk/client-kms'
import { options, ask } from '../ask.cjs'

const client = new KMSClient(options('kms'))
export const handler = () => ask(client, () => new EncryptCommand({ KeyId: 'k', Plaintext: new Uint8Array([0, 128, 255]), EncryptionContext: { a: 'b' } }))
