const path = require('path')
const T = require('translations')
T.setRoot(path.resolve(__dirname, '..'))
exports.text = code => T.text(code)
