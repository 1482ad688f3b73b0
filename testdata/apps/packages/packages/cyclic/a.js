'use strict'
exports.early = 'a is half made'
const b = require('./b')
exports.seen = b.seen
exports.even = (n) => n === 0 || b.odd(n - 1)
exports.late = 'a is made'
