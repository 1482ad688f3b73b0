var o = { m() { return arguments.callee === o.m }, get g() { return typeof arguments.callee } }
module.exports = [o.m(), o.g, (function (n) { return n < 2 ? 1 : n * arguments.callee(n - 1) })(5)]
