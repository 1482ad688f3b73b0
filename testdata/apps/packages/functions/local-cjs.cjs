'use strict'
// A .cjs entry that imports an ES module later.
exports.handler = async ({ n }) => {
  const { round } = await import('./sub/round.mjs')
  return { rounded: round(n), again: (await import('./sub/round.mjs')).round === round }
}
