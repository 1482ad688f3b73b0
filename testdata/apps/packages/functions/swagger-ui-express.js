'use strict'
// swagger-ui-express serves files of swagger-ui-dist and reads a template of its own.
const express = require('express')
const serverless = require('serverless-http')
const swaggerUi = require('swagger-ui-express')
const document = require('./data/openapi.json')

const app = express()
app.use('/docs', swaggerUi.serve, swaggerUi.setup(document, { customSiteTitle: 'Shop' }))
const handle = serverless(app)

exports.handler = async ({ paths }) => {
  const answers = []
  for (const path of paths) {
    const { statusCode, headers, body } = await handle({ httpMethod: 'GET', path, headers: {} }, {})
    answers.push([statusCode, headers['content-type'], /<title>(.*)<\/title>/.exec(body)?.[1] ?? body.length > 1000])
  }
  return answers
}
