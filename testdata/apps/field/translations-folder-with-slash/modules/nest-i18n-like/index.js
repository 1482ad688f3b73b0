const fs = require('fs'), path = require('path')
exports.I18nModule = { forRoot: o => ({ t: (key, lang) => {
  const [file, name] = key.split('.')
  const at = [lang, o.fallbackLanguage].map(l => path.join(o.loaderOptions.path, l, file + '.json')).find(f => fs.existsSync(f))
  return JSON.parse(fs.readFileSync(at, 'utf8'))[name]
} }) }
