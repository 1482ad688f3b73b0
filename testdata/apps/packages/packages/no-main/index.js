'use strict'
module.exports = 'index'
