const fs = require('fs/promises')
exports.default = { init: async o => {
  const path = o.backend.loadPath.replace('{{lng}}', o.lng).replace('{{ns}}', o.ns[0])
  const words = JSON.parse(await fs.readFile(path, 'utf8'))
  return key => words[key]
} }
exports.__esModule = true
