const fs = require('fs'), path = require('path')
const types = file => {
  const text = fs.readFileSync(file, 'utf8')
  const own = [...text.matchAll(/element name="(\w+)"/g)].map(m => m[1])
  return own.concat([...text.matchAll(/schemaLocation="([^"]+)"/g)].flatMap(m => types(path.resolve(path.dirname(file), m[1]))))
}
exports.types = types
