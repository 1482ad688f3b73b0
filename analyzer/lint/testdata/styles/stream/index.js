// A DynamoDB stream, in CommonJS. Handler: handler
const { unmarshall } = require('@aws-sdk/util-dynamodb')
const { EventBridgeClient, PutEventsCommand } = require('@aws-sdk/client-eventbridge')
const https = require('https')
const mysql = require('mysql2/promise')

const events = new EventBridgeClient({ region: process.env.AWS_REGION })
const agent = new https.Agent({ keepAlive: true, maxSockets: 10 })

setInterval(() => console.log('alive'), 60000)

exports.handler = async event => {
  const connection = await mysql.createConnection(process.env.DATABASE_URL) // advice: client-in-handler
  const slow = new https.Agent({ maxSockets: 1 }) // advice: client-in-handler
  const closed = await mysql.createConnection(process.env.ARCHIVE_URL)
  await closed.end()
  for (const record of event.Records) {
    const row = unmarshall(record.dynamodb.NewImage)
    await connection.execute('insert into seen values (?)', [row.id])
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'stream', Detail: JSON.stringify(row) }] }))
  }
  await new Promise(done => https.get('https://example.com', { agent: slow }, done))
  await new Promise(done => https.get('https://example.com', { agent }, done))
  await new Promise(done => https.get('https://example.com', { agent: false }, done)) // advice: keep-alive-off
}
