const express = require('express')
const start = require('./start')

const app = express()
app.get('/', (request, response) => response.json(1))

exports.app = app
exports.run = () => start(app)
exports.serve = function () {
  app.listen(3000) // advice: server-at-load
}
