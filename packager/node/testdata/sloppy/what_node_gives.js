with ({}) module.exports = [module.exports === exports, this === exports, typeof require('./octal'), typeof require.resolve, typeof __dirname, typeof process.env.PATH]
