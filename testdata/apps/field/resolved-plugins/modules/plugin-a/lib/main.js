const { by } = require('./by')
module.exports = n => n + by
