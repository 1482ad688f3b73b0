// A callback handler behind serverless-http. Handler: handler
const { createServer } = require('http')
const { Client } = require('pg')
const serverless = require('serverless-http')
const express = require('express')

const app = express()
const refreshed = setInterval(() => {}, 30000) // advice: timer-at-load
setInterval(() => {}, 1000).unref()
const cleared = setInterval(() => {}, 1000)
cleared.unref()

app.get('/', async (request, response) => {
  const client = new Client() // advice: client-in-handler
  await client.connect()
  response.json((await client.query('select 1')).rows)
})
app.post('/', (request, response) => {
  if (request.query.stop) process.exit(1) // advice: exit-in-handler
  response.end(String(refreshed))
})
app.locals.make = () => new Client()

const proxy = serverless(app)
module.exports.handler = (event, context, callback) => {
  proxy(event, context).then(answer => callback(null, answer), callback)
}
if (require.main === module) createServer(app).listen(3000)
