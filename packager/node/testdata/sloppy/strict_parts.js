with ({}) var sloppy = (function () { return typeof this })()
function strict() { 'use strict'; return [typeof this, (function () { return typeof this })()] }
class C { static f() { return this } }
var { f } = C
module.exports = [sloppy, strict(), typeof f()]
