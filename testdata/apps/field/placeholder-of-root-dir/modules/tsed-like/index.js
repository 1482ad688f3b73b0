const fs = require('fs'), path = require('path')
const registered = new Set()
exports.register = name => registered.add(name)
exports.ServerSettings = settings => target => { target.settings = settings }
const walk = dir => fs.readdirSync(dir, { withFileTypes: true }).flatMap(e => e.isDirectory() ? walk(path.join(dir, e.name)) : [path.join(dir, e.name)])
exports.start = ({ settings: s }) => {
  for (const pattern of [...Object.values(s.mount), ...s.componentsScan]) {
    const at = pattern.replace('${rootDir}', s.rootDir), exts = at.match(/\.[jt]s/g)
    for (const f of walk(at.slice(0, at.indexOf('/**')))) if (exts.includes(path.extname(f)) && !s.exclude.some(e => f.includes(e.slice(4, -1)))) require(f)
  }
  return [...registered].sort()
}
