const fs = require('fs')
exports.open = o => {
  const known = fs.readdirSync(o.directory).map(f => fs.readFileSync(o.directory + '/' + f, 'utf8').trim())
  const { upper } = JSON.parse(fs.readFileSync(o.settings.file, 'utf8'))
  const locales = fs.readdirSync(o.locales)
  return text => ({ known: text.split(' ').filter(w => known.includes(w)), upper, locales })
}
