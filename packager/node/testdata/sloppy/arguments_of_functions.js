function f(a) { return g() }
function g() { return f.arguments[0] }
module.exports = [f(7), f.arguments]
