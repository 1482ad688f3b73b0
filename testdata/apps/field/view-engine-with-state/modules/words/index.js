const fs = require('fs')
const list = require('word-list')
exports.register = (name, text) => list.set(name, text)
exports.known = () => [...list.keys()]
exports.__express = (file, values) => fs.readFileSync(file, 'utf8').replace(/{(\w+)}/g, (_, name) => values[name] ?? list.get(name))
