var seen = []
var other = { each: function (list, f) { list.forEach(function (x) { f(x) }) }, call: function (options) { var done = options.done; done() } }
other.each([1], function () { seen.push(typeof this.setTimeout) })
other.each([1], see)
function see() { seen.push(typeof this.setTimeout, typeof this.none) }
other.call({ done: function () { seen.push(typeof this.setTimeout) } })
var first = [function () { return this.none }][0]
seen.push(typeof first())
function make() { return function () { return typeof this.setTimeout } }
exports.make = make
var made = exports.make()
seen.push(made())
other.each.call(null, [1], function () { seen.push(typeof this) })
function Point() { this.x = 1 }
Point.prototype.moved = function () { this.x++; return this.x }
seen.push(new Point().moved())
setTimeout(function () { seen.push(typeof this.unref) }, 0)
module.exports = seen
