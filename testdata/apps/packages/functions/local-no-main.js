'use strict'
exports.handler = async () => require('local-no-main')
