'use strict'
const a = require('./a')
exports.seen = { early: a.early, late: a.late ?? null, keys: Object.keys(a) }
exports.odd = (n) => n !== 0 && a.even(n - 1)
