'use strict'
// source-map reads mappings.wasm beside its code.
const { SourceMapConsumer, SourceMapGenerator } = require('source-map')

exports.handler = async ({ mappings }) => {
  const map = new SourceMapGenerator({ file: 'out.js' })
  for (const [line, column, original] of mappings) map.addMapping({ generated: { line, column }, original, source: 'in.ts', name: 'f' })
  return SourceMapConsumer.with(map.toString(), null, (consumer) => ({
    found: mappings.map(([line, column]) => consumer.originalPositionFor({ line, column: column + 1 })),
    back: consumer.generatedPositionFor({ source: 'in.ts', ...mappings[0][2] }),
    mappings: map.toJSON().mappings
  }))
}
