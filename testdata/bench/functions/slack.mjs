import { WebClient, LogLevel } from '@slack/web-api'

const client = new WebClient('placeholder', { logLevel: LogLevel.ERROR, retryConfig: { retries: 0 }, slackApiUrl: 'http://127.0.0.1:1/' })
export const handler = async () => client.chat.postMessage({ channel: 'c', text: 'hello' }).catch((e) => e.code)
