function f(eval) { return eval }
function g() { arguments = 1; return arguments }
function h(arguments) { return arguments }
function k() { var arguments = 2; return arguments }
function l() { var eval = 3; return eval }
function m() { arguments++; return String(arguments) }
module.exports = [f(1), g(), h(4), k(), l(), m()]
