const fs = require('fs'), path = require('path')
const read = f => fs.readFileSync(f, 'utf8').trim()
module.exports = (file, data) => read(file)
  .replace(/\{\{> (\w+)\}\}/g, (_, p) => read(path.join(path.dirname(file), p + '.html'))).replace(/\{\{(\w+)\}\}/g, (_, k) => data[k])
