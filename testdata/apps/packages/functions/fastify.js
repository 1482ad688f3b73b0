'use strict'
// Plugins of a folder are loaded by what the folder holds.
const path = require('node:path')
const autoload = require('@fastify/autoload')
const Fastify = require('fastify')

const app = Fastify({ logger: false })
app.register(autoload, { dir: path.join(__dirname, 'plugins') })

exports.handler = async ({ requests }) => {
  const answers = []
  for (const request of requests) {
    const answer = await app.inject(request)
    answers.push({ status: answer.statusCode, body: answer.json() })
  }
  return answers
}
