String.prototype.kindOfThis = function () { return typeof this }
Number.prototype.kindOfThis = function () { return typeof this }
Object.defineProperty(Boolean.prototype, 'kindOfThis', { get: function () { return typeof this } })
function f() { return typeof this }
module.exports = ['a'.kindOfThis(), (1).kindOfThis(), true.kindOfThis, f.call('a'), f.call(1), f.apply(true), f.call({})]
