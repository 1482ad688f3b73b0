const fs = require('fs')
// Every file of the folder that the caller names is a list of words.
exports.builder = ({ dicPath }) => ({
  build: () => {
    const known = new Set(fs.readdirSync(dicPath).flatMap(f => fs.readFileSync(dicPath + '/' + f, 'utf8').trim().split('\n')))
    return text => text.split(' ').filter(w => known.has(w))
  }
})
