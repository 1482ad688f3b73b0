function add(a) { a += 1; return arguments[0] }
function up(a) { a++; return arguments[0] }
function pattern(a) { [a] = [5]; return arguments[0] }
function loop(a) { for (a of [1, 2]); return arguments[0] }
function inside(a) { (function () { a = 3 })(); return arguments[0] }
function arrow(a) { (() => { a = 4 })(); return arguments[0] }
function hoisted(a) { function a() {} return typeof arguments[0] }
function plain(a) { a = a || {}; return arguments }
function last(a, b) { b = 2; return arguments.length }
module.exports = [add(1), up(1), pattern(1), loop(0), inside(1), arrow(1), hoisted(1), plain()[0], plain(0)[0], last(1)]
