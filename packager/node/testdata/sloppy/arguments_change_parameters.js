function set(a) { arguments[0] = 2; return a }
function unset(a, b) { arguments[1] = 2; return b }
function up(a) { arguments[0]++; return a }
function shift(a, b) { [].shift.call(arguments); return [a, b] }
function written(a) { write(arguments); return a }
function write(args) { args[0] = 'written' }
function kept(a) { var args = arguments; args[0] = 3; return a }
function inArrow(a) { (() => { arguments[0] = 4 })(); return a }
function apart(a = 1) { arguments[0] = 5; return a }
function pattern(a) { [arguments[0]] = [6]; return a }
function gone(a) { delete arguments[0]; arguments[0] = 7; return a }
function sorted(a, b) { Array.prototype.sort.call(arguments); return [a, b] }
module.exports = [set(1), unset(1), up(1), shift(1, 2), written(1), kept(1), inArrow(1), apart(0), pattern(1), gone(1), sorted(2, 1)]
