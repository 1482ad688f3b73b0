var self = this
;(function (root) { root.parserLoaded = true })((function () { return this })())
module.exports = { global: globalThis.parserLoaded, exports: self === exports }
