import { MockAgent, request } from 'undici'

export const handler = async () => {
  const agent = new MockAgent()
  agent.disableNetConnect()
  agent.get('http://placeholder.invalid').intercept({ path: '/' }).reply(200, { ok: true })
  const { body } = await request('http://placeholder.invalid/', { dispatcher: agent })
  return body.json()
}
