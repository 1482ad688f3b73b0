const fs = require('fs'), path = require('path')
exports.readPackageUp = ({ cwd }) => {
  for (let dir = cwd; ; dir = path.dirname(dir)) {
    const file = path.join(dir, 'package.json')
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8'))
    if (dir === path.dirname(dir)) throw new Error('no package.json above ' + cwd)
  }
}
