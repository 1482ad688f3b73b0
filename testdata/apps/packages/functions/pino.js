'use strict'
// pino starts a worker thread that loads its transport by name.
const { existsSync, mkdtempSync, readFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { setTimeout } = require('node:timers/promises')
const pino = require('pino')

exports.handler = async ({ user, password }) => {
  const destination = path.join(mkdtempSync(path.join(tmpdir(), 'pino-')), 'log')
  const log = pino({ base: undefined, timestamp: false, redact: ['password'] }, pino.transport({ target: 'pino/file', options: { destination } }))
  log.child({ user }).info({ password }, 'signed in')
  log.error(new TypeError('bad'), 'failed')
  const written = () => existsSync(destination) ? readFileSync(destination, 'utf8').split('\n').slice(0, -1) : []
  while (written().length < 2) await setTimeout(10) // the worker does not keep the process alive
  return written().map((line) => JSON.parse(line)).map(({ err, ...rest }) => ({ ...rest, err: err?.type }))
}
