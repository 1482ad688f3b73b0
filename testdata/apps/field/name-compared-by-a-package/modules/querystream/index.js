class PgQueryStream { read () { return 1 } }
module.exports = PgQueryStream
