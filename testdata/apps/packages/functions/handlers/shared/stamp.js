'use strict'
let count = 0
exports.stamp = (order) => ({ ...order, stamp: ++count })
