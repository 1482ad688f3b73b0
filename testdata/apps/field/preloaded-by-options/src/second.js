module.exports = "own"
