function f() { return typeof this.setTimeout }
var g = function () { return typeof this.setTimeout }
var o = { m: function () { return typeof this.setTimeout } }
var m = o.m
function run(cb) { return cb() }
function make() { return function () { return typeof this.setTimeout } }
function arrow() { return (() => typeof this.setTimeout)() }
function Thing() { if (!(this instanceof Thing)) return new Thing(); this.made = true }
function set() { this.setByThis = 1 }
set()
module.exports = [f(), g(), o.m(), m(), (0, o.m)(), run(function () { return typeof this.setTimeout }), make()(), arrow(), Thing().made,
  setByThis, (function () { return typeof this.setTimeout })(), f.call(null), f.apply(undefined, []), f.call(), f.bind(null)(), f.call(1)]
