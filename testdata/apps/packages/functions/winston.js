'use strict'
const { PassThrough } = require('node:stream')
const winston = require('winston')

exports.handler = async ({ user, message }) => {
  const stream = new PassThrough()
  const { combine, label, json, splat, colorize, simple } = winston.format
  const log = winston.createLogger({
    level: 'debug',
    format: combine(label({ label: 'app' }), splat(), json()),
    transports: [new winston.transports.Stream({ stream }), new winston.transports.Stream({ stream, level: 'error', format: combine(colorize(), simple()) })]
  })
  log.child({ user }).info('%s %d', message, 7)
  log.error('broken', { code: 3 })
  log.silly('unseen')
  await new Promise((resolve) => { log.on('finish', resolve); log.end() })
  return stream.read().toString().trim().split('\n')
}
