// A callback handler with the AWS SDK v2. Handler: handler
const AWS = require('aws-sdk') // advice: aws-sdk-v2
const config = require('./config.json')
const fs = require('fs')

const ssm = new AWS.SSM()
const secrets = new AWS.SecretsManager()
setInterval(() => console.log('alive'), 60000) // advice: timer-at-load
const template = fs.readFileSync(__dirname + '/mail.hbs', 'utf8')

let cache
const load = async () => {
  if (cache) return cache
  cache = await secrets.getSecretValue({ SecretId: 'database' }).promise() // advice: cached-for-ever
  return cache
}

exports.handler = (event, context, callback) => {
  const table = new AWS.DynamoDB.DocumentClient() // advice: client-in-handler
  const mail = fs.readFileSync(__dirname + '/other.hbs', 'utf8') // advice: read-per-invocation
  ssm.getParameter({ Name: event.name }, (error, answer) => callback(error, answer))
  load().then(() => table.get({ Key: { id: 1 } }).promise()).then(row => callback(null, { row, template, mail, config }), callback)
}
