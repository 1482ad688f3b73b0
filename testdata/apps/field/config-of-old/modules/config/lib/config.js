const fs = require('fs'), Path = require('path')
class Config {
  load () {
    const dir = process.env.NODE_CONFIG_DIR || Path.join(process.cwd(), 'config')
    for (const name of ['default', process.env.NODE_ENV || 'production']) {
      for (const ext of ['js', 'json']) this.merge(Path.join(dir, name + '.' + ext))
    }
    return this
  }
  merge (file) {
    if (!fs.existsSync(file)) return
    Object.assign(this, file.endsWith('.js') ? require(file) : JSON.parse(fs.readFileSync(file, 'utf8')))
  }
}
module.exports = new Config().load()
