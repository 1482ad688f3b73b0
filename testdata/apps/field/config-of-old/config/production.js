module.exports = { port: 2 }
