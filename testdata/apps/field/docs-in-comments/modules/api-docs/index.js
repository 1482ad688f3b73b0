const fs = require('fs'), path = require('path')
module.exports = ({ apis }) => {
  const files = apis.flatMap(g => fs.readdirSync(path.dirname(g)).filter(f => f.endsWith(path.extname(g))).map(f => path.join(path.dirname(g), f)))
  const comments = files.flatMap(f => fs.readFileSync(f, 'utf8').match(/\/\*\*[\s\S]*?\*\//g) ?? [])
  return { paths: comments.flatMap(c => c.match(/@(?:openapi|swagger)[\s*]+(\S+):/)?.[1] ?? []).sort() }
}
