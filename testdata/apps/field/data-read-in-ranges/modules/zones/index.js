const { readRange } = require('./lib/read')
const index = require('./data/index.json')
exports.find = at => { const [start, length] = index[at]; return readRange(start, length) }
