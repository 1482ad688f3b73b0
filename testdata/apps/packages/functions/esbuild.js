'use strict'
// esbuild finds the program of its platform package and talks to it.
const esbuild = require('esbuild')

exports.handler = async ({ source }) => {
  const once = esbuild.transformSync(source, { loader: 'tsx', minify: true, jsx: 'automatic', target: 'es2019' })
  const { outputFiles, metafile } = await esbuild.build({ stdin: { contents: 'import x from "y"; console.log(x)' }, bundle: true, write: false, metafile: true, format: 'esm', plugins: [{ name: 'y', setup: (b) => { b.onResolve({ filter: /^y$/ }, () => ({ path: 'y', namespace: 'y' })); b.onLoad({ filter: /./, namespace: 'y' }, () => ({ contents: 'export default 42' })) } }] })
  await esbuild.stop()
  return { code: once.code, bundled: outputFiles[0].text.includes('42'), inputs: Object.keys(metafile.inputs).sort() }
}
