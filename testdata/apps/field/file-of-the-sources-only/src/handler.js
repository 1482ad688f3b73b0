const { double } = require('doubler')
exports.handler = async ({ n }) => ({ double: await double(n) })
