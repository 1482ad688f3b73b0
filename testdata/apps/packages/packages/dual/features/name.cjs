'use strict'
exports.name = 'feature for require'
