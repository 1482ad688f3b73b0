exports.get = function () {
  let s
  try { s = require('storage/cjs/store') } catch { s = require('storage/store') }
  return s.value
}
