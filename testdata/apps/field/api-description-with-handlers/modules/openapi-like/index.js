const fs = require('fs'), path = require('path')
const read = file => [path.basename(file), ...[...fs.readFileSync(file, 'utf8').matchAll(/\$ref["']?:\s*["']([^"'#]+)/g)].flatMap(m => read(path.join(path.dirname(file), m[1])))]
exports.validator = o => ({ parts: read(o.apiSpec), call: op => { const [file, name] = op.split('.'); return require(path.join(o.operationHandlers, file))[name]() } })
