const fs = require('fs'), path = require('path')
let root
exports.setRoot = dir => {
  if (!fs.existsSync(path.join(dir, 'intl'))) throw new Error('no translations below ' + dir)
  root = dir
}
exports.text = code => JSON.parse(fs.readFileSync(path.join(root, 'intl', 'en', 'messages.json')))[code]
