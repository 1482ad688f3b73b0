const errors = require('errors')
exports.handler = async () => ({ text: errors.text(404) })
