function f() { return g(arguments) }
function g(a) { return a.callee === f }
function h() { var a = arguments; return a['callee'] === h && arguments['callee'] === h }
module.exports = [f(), h(), (function () { var { callee } = arguments; return typeof callee })()]
