module.exports = files => n => files.map(f => require(f)).reduce((n, plugin) => plugin(n), n)
