'use strict'
const swc = require('@swc/core')

exports.handler = async ({ source }) => {
  const { code } = await swc.transform(source, { swcrc: false, jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2019', transform: { react: { runtime: 'automatic' } } }, module: { type: 'commonjs' } })
  const { body } = await swc.parse(source, { syntax: 'typescript', tsx: true })
  return { code, kinds: body.map((n) => n.type), small: (await swc.minify('const long = 1; console.log(long + long)', { toplevel: true })).code }
}
