function f(a, b, a) { return [a, b, arguments.length] }
module.exports = [f(1, 2), f(1, 2, 3), f.length, (function (_, _) { return _ })(1, 2)]
