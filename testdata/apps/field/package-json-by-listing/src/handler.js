const { version, info } = require('tool')
exports.handler = async () => ({ tool: version, info })
