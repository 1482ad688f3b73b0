undefined = 1
NaN = 2
Infinity = 3
;(function () { undefined = 4 })()
module.exports = [typeof undefined, String(NaN), String(Infinity)]
