const sql = require('sql')
exports.handler = async () => {
  const error = sql.connect([255, 16])
  return { code: error.code, name: error.name }
}
