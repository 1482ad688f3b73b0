import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { options, ask } from '../ask.cjs'

const client = new BedrockRuntimeClient(options('bedrock-runtime'))
export const handler = () => ask(client, () => new ConverseStreamCommand({ modelId: 'm:0', messages: [{ role: 'user', content: [{ text: 'hello' }] }], inferenceConfig: { temperature: 0.5 } }))
