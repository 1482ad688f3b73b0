const config = require('config')
exports.handler = async () => ({ name: config.name, port: config.port })
