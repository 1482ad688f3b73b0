function f() { return f.caller === g }
function g() { return f() }
function h() { return arguments.callee.caller === i }
function i() { return h() }
module.exports = [g(), i(), (function j() { return typeof j.caller })()]
