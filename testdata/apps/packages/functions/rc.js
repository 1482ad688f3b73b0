'use strict'
// rc merges what it finds; the file here is named by a setting.
const path = require('node:path')
const rc = require('rc')

exports.handler = async ({ argv }) => {
  const config = rc('featherpackexample', { port: 80, db: { host: 'localhost', name: 'app' } }, { _: [], config: path.join(__dirname, 'data/settings.ini'), ...argv })
  return { port: config.port, db: config.db, files: config.configs.length, debug: config.debug }
}
