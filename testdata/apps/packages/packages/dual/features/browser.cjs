'use strict'
exports.name = 'feature for browsers'
