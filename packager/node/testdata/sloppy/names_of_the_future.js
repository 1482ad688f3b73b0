var static = 1, let = 2, yield = 3, implements = 4, interface = 5, package = 6, private = 7, protected = 8, public = 9
function async(yield) { return yield }
var o = { static, let, yield, public }
module.exports = [static, let, yield, implements, interface, package, private, protected, public, async(10), o]
