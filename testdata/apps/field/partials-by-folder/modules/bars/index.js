const fs = require('fs'), path = require('path')
const partials = {}, helpers = {}
exports.registerPartials = dir => { for (const f of fs.readdirSync(dir)) partials[path.parse(f).name] = fs.readFileSync(path.join(dir, f), 'utf8').trim() }
exports.registerHelpers = all => Object.assign(helpers, all)
exports.renderFile = (file, data) => fs.readFileSync(file, 'utf8').trim().replace(/\{\{> (\w+)\}\}/g, (_, p) => partials[p]).replace(/\{\{(\w+) (\w+)\}\}/g, (_, h, k) => helpers[h](data[k]))
