const tool = require('tool')
exports.handler = async () => ({ name: tool.name, version: tool.version })
