function f(a) {}
f.name = 'g'
f.length = 2
'abc'.length = 1
'abc'.x = 1
;(5).x = 1
true.x = 1
Math.PI = 3
var text = 'text'
text.x = 1
text[0] = 'n'
var frozen = Object.freeze({ a: 1, list: Object.freeze([1]) })
frozen.a = 2
frozen.b = 2
frozen.list[0] = 2
var getter = { get a() { return 1 } }
getter.a = 2
var fixed = Object.defineProperty({}, 'a', { value: 1 })
fixed.a = 2
var closed = Object.preventExtensions({ a: 1 })
closed.b = 2
var sealed = Object.seal({ a: 1 })
module.exports = [f.name !== 'g', f.length, Math.PI, text, frozen, getter.a, fixed.a, closed, delete sealed.a, delete frozen.a, delete f.prototype,
  delete [].length, delete Math.PI]
