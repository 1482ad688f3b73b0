const fs = require('fs'), path = require('path')
module.exports = (pmodule, ...keys) => {
  let dir = path.dirname(pmodule.filename || pmodule.id)
  while (!fs.existsSync(path.join(dir, 'package.json'))) {
    if (dir === path.dirname(dir)) throw new Error('no package.json above ' + pmodule.filename)
    dir = path.dirname(dir)
  }
  const found = JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8'))
  for (const key of keys) pmodule.exports[key] = found[key]
}
