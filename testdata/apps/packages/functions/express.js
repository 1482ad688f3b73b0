'use strict'
// express requires its view engine by the extension that is set as a string.
const path = require('node:path')
const express = require('express')
const serverless = require('serverless-http')

const app = express()
app.set('views', path.join(__dirname, 'views', 'express'))
app.set('view engine', 'ejs')
app.use(express.json())
app.use('/static', express.static(path.join(__dirname, 'public')))
app.get('/hello/:name', (req, res) => res.render('index', { title: req.params.name }))
app.post('/sum', (req, res) => res.json({ sum: req.body.reduce((a, b) => a + b) }))

const handle = serverless(app)

exports.handler = async ({ requests }) => {
  const answers = []
  for (const request of requests) {
    const { statusCode, headers, body } = await handle({ headers: {}, ...request }, {})
    answers.push({ statusCode, type: headers['content-type'], body })
  }
  return answers
}
