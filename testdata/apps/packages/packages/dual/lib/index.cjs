'use strict'
const { name } = require('local-dual/features/name')

exports.build = 'cjs'
exports.feature = name
exports.default = class Counter { count = 1 }
