import { browserslistToTargets, transform } from 'lightningcss'

export const handler = async ({ css }) => {
  const { code, exports, dependencies } = transform({ filename: 'a.css', code: Buffer.from(css), minify: true, cssModules: { pattern: '[local]_x' }, analyzeDependencies: true, targets: browserslistToTargets(['safari 14']) })
  return { code: code.toString().replace(/url\("?[^")]+"?\)/, 'url(…)'), exports: Object.keys(exports), dependencies: dependencies.map((d) => d.url) }
}
