// A task of a state machine that asks for a token. Handler: handler
import { fetch, Agent, Pool, setGlobalDispatcher } from 'undici'
import { Kafka } from 'kafkajs'
import got from 'got'

const kafka = new Kafka({ brokers: ['b:9092'] })
setGlobalDispatcher(new Agent({ keepAliveTimeout: 10000 }))

let token: { value: string, until: number } | undefined

async function keptToken() {
  if (!token || token.until < Date.now()) {
    const answer = await fetch('https://id.example.com/oauth/token', { method: 'POST', body: 'grant_type=client_credentials' })
    token = { value: (await answer.json() as { access_token: string }).access_token, until: Date.now() + 300_000 }
  }
  return token.value
}

async function freshToken() {
  const answer = await fetch('https://id.example.com/oauth/token', { // advice: fetched-per-invocation
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return (await answer.json() as { access_token: string }).access_token
}

export const handler = async (input: { order: string }) => {
  const pool = new Pool('https://orders.example.com') // advice: client-in-handler
  const client = got.extend({ prefixUrl: 'https://orders.example.com' }) // so are these
  const producer = kafka.producer()
  await producer.connect()
  const headers = { authorization: 'Bearer ' + await keptToken(), other: await freshToken() }
  await pool.request({ path: '/', method: 'GET', headers })
  return client.get(input.order).json()
}
