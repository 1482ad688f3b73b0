// A server of a developer's machine behind serverless-http. Handler: handler
const serverless = require('serverless-http')
const { app, run, serve } = require('./app')

serve()
run()

exports.handler = serverless(app)
