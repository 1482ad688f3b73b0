'use strict'
// babel requires presets and plugins that it is given by their resolved paths.
const babel = require('@babel/core')

exports.handler = async ({ source }) => {
  const { code } = await babel.transformAsync(source, { configFile: false, babelrc: false, browserslistConfigFile: false, presets: [[require.resolve('@babel/preset-env'), { targets: { node: 10 }, modules: 'commonjs' }]] })
  const { program } = babel.parseSync(source, { configFile: false, babelrc: false })
  return { code, kinds: program.body.map((n) => n.type), scoped: babel.template.expression('A + 1')({ A: babel.types.identifier('x') }).type }
}
