// what wrappers of handlers do: load the function's own by its path
const path = require('path')
const [file, ...members] = path.basename(process.env.DD_LAMBDA_HANDLER).split('.')
const at = path.resolve(process.env.LAMBDA_TASK_ROOT, path.dirname(process.env.DD_LAMBDA_HANDLER), file)
const { mark } = require('./index')
exports.handler = async (...args) => { mark(); return members.reduce((o, name) => o[name], require(at))(...args) }
