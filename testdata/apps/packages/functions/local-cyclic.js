'use strict'
const { seen, even, late } = require('local-cyclic')

exports.handler = async ({ numbers }) => ({ seen, late, even: numbers.map(even) })
