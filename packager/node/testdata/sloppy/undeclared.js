one = 1
;[two, , ...three] = [2, 0, 3]
;({ four, five: six = 6 } = { four: 4 })
for (seven in { a: 1 });
(function () { eight = 8; eight += 1; eight++ })()
var f = () => { nine = 9 }
f()
module.exports = [one, two, three, four, six, seven, eight, nine, typeof globalThis.one]
