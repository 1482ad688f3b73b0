module.exports = function () { return typeof this.setTimeout }
exports = module.exports
exports.named = function () { return typeof this.setTimeout }
var { named } = exports, { exports: whole } = module
module.exports = [named(), whole()]
