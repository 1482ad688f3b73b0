const sum = require('fast-sum')
module.exports = { of: sum.of, by: 'native' }
