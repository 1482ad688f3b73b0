'use strict'
const Papa = require('papaparse')

exports.handler = async ({ csv }) => {
  const { data, errors, meta } = Papa.parse(csv, { header: true, dynamicTyping: true, skipEmptyLines: true })
  return { data, errors: errors.map((e) => e.code), delimiter: meta.delimiter, back: Papa.unparse(data, { quotes: true, newline: '\n' }) }
}
