'use strict'
// The same by other names: require as a value, module.require, createRequire.
const path = require('node:path')
const { createRequire } = require('node:module')

const aliased = require
const made = createRequire(__filename)
const root = path.join(__dirname, 'handlers')

exports.handler = async ({ actions, order }) => actions.map((action) => [
  aliased(`./handlers/${action}.js`)(order).status,
  module.require('./handlers/' + action)(order).status,
  made(path.join(root, action))(order).status
])
