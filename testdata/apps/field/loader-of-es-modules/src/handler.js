const load = require('esm')(module)
const { double } = load('./double')
exports.handler = async ({ n }) => ({ double: double(n) })
