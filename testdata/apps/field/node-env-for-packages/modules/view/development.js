module.exports = 'development'
