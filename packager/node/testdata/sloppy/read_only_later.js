var settings = { a: 1 }
exports.lock = function () { Object.freeze(settings) }
exports.change = function () { settings.a = 2; return settings.a }
exports.lock()
exports.changed = exports.change()
