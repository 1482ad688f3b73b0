exports.sum = function (n) { return n < 1 ? 0 : n + arguments.callee(n - 1) }
exports.count = function count () { arguments.callee.calls = (arguments.callee.calls || 0) + 1; return count.calls }
