module.exports = 'production'
