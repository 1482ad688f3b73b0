const fs = require('fs'), path = require('path')
exports.create = () => {
  let dir, engine
  return {
    setBaseViewsDir (d) { dir = d }, setViewEngine (e) { engine = e },
    render (name, data) { return require(engine)(path.join(dir, name + '.html'), data) }
  }
}
exports.i18n = o => lang => JSON.parse(fs.readFileSync(path.join(o.directory, lang + o.ext), 'utf8'))
