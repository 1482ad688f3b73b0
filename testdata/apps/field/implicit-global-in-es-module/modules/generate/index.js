module.exports = function () { return new Generator(3).all() }
Generator = function (length) { this.length = length }
Generator.prototype.all = function () { return Array.from({ length: this.length }, (_, i) => i) }
