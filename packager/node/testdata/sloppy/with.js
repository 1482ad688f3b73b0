var o = { a: 1 }
with (o) { a = 2; var b = a }
module.exports = [o.a, b, (function (o) { with (o) return function () { return this === o } })({})()]
