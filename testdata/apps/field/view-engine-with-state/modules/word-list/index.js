module.exports = new Map()
