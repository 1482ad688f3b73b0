'use strict'
exports.name = 'nobody may see this'
