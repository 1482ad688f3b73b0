import { minify } from 'terser'

export const handler = async ({ source }) => {
  const { code, map } = await minify({ 'in.js': source }, { module: true, compress: { passes: 2 }, mangle: { properties: { regex: /^_/ } }, sourceMap: { filename: 'out.js' } })
  const wrong = await minify('let = ;').catch((e) => `${e.name}: ${e.message}`)
  return { code, sources: JSON.parse(map).sources, wrong }
}
