const fs = require('fs'), path = require('path')
module.exports = class {
  constructor (o) { this.o = o }
  async render (name, data) {
    const read = f => fs.readFileSync(path.join(this.o.views.root, name, f + '.' + this.o.views.options.extension), 'utf8').trim()
    return { subject: read('subject'), html: read('html').replace(/<%- include\('(.*?)'\) %>/, (_, f) => read(f)).replace('<%= to %>', data.to) }
  }
}
