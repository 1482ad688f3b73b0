var seen = []
function see() { seen.push(typeof this.setTimeout); return true }
;[1].forEach(see)
;[1].map(function () { seen.push(typeof this.setTimeout) })
;[1].filter(function () { seen.push(typeof this.a) }, { a: 1 })
;[2, 1].sort(function () { seen.push(typeof this.setTimeout); return 0 })
'x'.replace(/x/, function () { seen.push(typeof this.setTimeout); return '' })
new Promise(function () { seen.push(typeof this.setTimeout) })
JSON.parse('1', function () { seen.push(typeof this['']); return 1 })
module.exports = seen
