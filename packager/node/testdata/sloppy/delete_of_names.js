removed = 1
var kept = 1
module.exports = [delete removed, delete kept, typeof removed, typeof kept]
