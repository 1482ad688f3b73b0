'use strict'
const path = require('node:path')
const dotenv = require('dotenv')

exports.handler = async () => {
  const processEnv = { PORT: '1' }
  const { parsed, error } = dotenv.config({ path: path.join(__dirname, 'data', 'example.env'), processEnv, quiet: true })
  return { parsed, error: error?.code ?? null, port: processEnv.PORT }
}
