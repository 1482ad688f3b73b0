const { answer } = require('./shared/answer')

exports.handler = async (event) => answer('payments', event)
