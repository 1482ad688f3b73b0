'use strict'
const amqp = require('amqplib')
const { listen } = require('./servers/amqp')

exports.handler = async ({ body, headers }) => {
  const broker = await listen()
  const connection = await amqp.connect(`amqp://127.0.0.1:${broker.port}`)
  const channel = await connection.createChannel()
  const { queue } = await channel.assertQueue('jobs')
  channel.sendToQueue(queue, Buffer.from(body), { headers, contentType: 'text/plain', persistent: true })
  const message = await channel.get(queue)
  await connection.close()
  broker.close()
  const { contentType, deliveryMode, headers: got } = message.properties
  return { queue, body: message.content.toString(), contentType, deliveryMode, headers: got }
}
