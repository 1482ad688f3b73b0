const { find } = require('zones')
exports.handler = async (event) => ({ zone: find(event.at) })
