'use strict'
const { stamp } = require('./shared/stamp')
module.exports = (order) => stamp({ ...order, status: 'cancelled' })
