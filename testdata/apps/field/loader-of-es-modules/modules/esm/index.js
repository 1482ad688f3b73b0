const fs = require('fs'), path = require('path')
module.exports = asking => name => {
  const text = fs.readFileSync(path.join(asking.filename, '..', name + '.js'), 'utf8')
  const made = { exports: {} }
  new Function('module', 'exports', text.replace(/export const (\w+)/g, 'exports.$1'))(made, made.exports)
  return made.exports
}
