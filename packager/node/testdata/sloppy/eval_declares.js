function f(text) { eval(text); return typeof x }
module.exports = [f('var x = 1'), f('function x() {}'), f(''), (() => { eval('var y = 2'); return y })()]
