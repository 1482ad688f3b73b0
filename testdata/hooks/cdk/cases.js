// Synthesizes small apps that must fail, or must not build, and prints what came
// of each as JSON. Run with the folder that holds stand-ins for the binary.
const fs = require('node:fs')
const path = require('node:path')
const { App, Stack } = require('aws-cdk-lib')
const lambda = require('aws-cdk-lib/aws-lambda')
const { FeatherpackBundle, FeatherpackCode, FeatherpackError } = require('./featherpack-cdk.cjs')

const [binaries] = process.argv.slice(2)
const results = {}
let n = 0

function attempt(name, define, { context, env = {}, outdir = `out/${n++}` } = {}) {
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    const app = new App({ outdir, context })
    define(new Stack(app, 'S'), app)
    app.synth()
    const made = fs.readdirSync(outdir)
    const { Resources } = JSON.parse(fs.readFileSync(path.join(outdir, 'S.template.json'), 'utf8'))
    const functions = Object.values(Resources).filter((r) => r.Type === 'AWS::Lambda::Function').map((r) => r.Properties.Handler)
    results[name] = { functions, built: made.filter((file) => file.startsWith('featherpack-') && !file.endsWith('.zip')).length }
  } catch (error) {
    results[name] = { error: error.message, ours: error instanceof FeatherpackError }
  }
  process.env = before
}

const orders = (stack, options) => new FeatherpackBundle(stack, { entries: { orders: 'src/orders.ts' }, ...options }).function(stack, 'orders')
const plain = (stack, id, props) => new lambda.Function(stack, id, { handler: props.code.handler, runtime: props.code.runtime, architecture: props.code.architecture, ...props })

attempt('binary missing', (s) => orders(s), { env: { FEATHERPACK_BINARY: '/nowhere/featherpack' } })
attempt('binary missing by option', (s) => orders(s, { binary: 'bin/none' }))
attempt('binary not installed', (s) => orders(s), { env: { PATH: '/nowhere' } })
for (const name of fs.readdirSync(binaries)) attempt(`binary ${name}`, (s) => orders(s, { binary: path.join(binaries, name) }))

attempt('entry missing', (s) => new FeatherpackBundle(s, { entries: { orders: 'src/oders.ts', search: 'src/search.ts' } }).function(s, 'search'))
attempt('entry without a name', (s) => new FeatherpackBundle(s, { entries: { orders: {} } }))
attempt('entry outside', (s) => new FeatherpackBundle(s, { entries: { orders: '../orders.ts' } }))
attempt('entry with a space', (s) => new FeatherpackBundle(s, { entries: { orders: 'src/my orders.ts' } }))
attempt('entry name', (s) => orders(s, { entries: { 'orders/eu': 'src/orders.ts', orders: 'src/orders.ts' } }))
attempt('no entries', (s) => new FeatherpackBundle(s, { entries: {} }))
attempt('option', (s) => orders(s, { minify: false }))
attempt('build option', (s) => orders(s, { build: { minfy: false } }))
attempt('entry option', (s) => orders(s, { entries: { orders: { entry: 'src/orders.ts', memory: 1 } } }))
attempt('function option', (s) => new FeatherpackBundle(s, { entries: { orders: 'src/orders.ts' } }).function(s, 'orders', { handler: 'index.handler' }))
attempt('no such entry', (s) => new FeatherpackBundle(s, { entries: { orders: 'src/orders.ts' } }).code('order'))
attempt('handler of another', (s) => plain(s, 'F', { code: FeatherpackCode.fromEntry('src/orders.ts'), handler: 'index.handler' }))
attempt('runtime of another', (s) => plain(s, 'F', { code: FeatherpackCode.fromEntry('src/orders.ts'), runtime: lambda.Runtime.NODEJS_24_X }))
attempt('architecture of another', (s) => plain(s, 'F', { code: FeatherpackCode.fromEntry('src/orders.ts', { architecture: 'arm64' }), architecture: undefined }))
attempt('wrapper in a layer', (s) => plain(s, 'F', { code: FeatherpackCode.fromEntry('src/orders.ts'), handler: '/opt/nodejs/wrap.handler' }))
attempt('does not start', (s) => orders(s, { entries: { orders: 'src/broken.ts' }, boot: true }))
attempt('out is a file', (s) => {
  const out = path.resolve('out/first', fs.readdirSync('out/first').find((file) => file.startsWith('featherpack-')))
  fs.renameSync(out, `${out}.away`)
  fs.writeFileSync(out, '')
  FeatherpackBundle.clearCache()
  orders(s)
}, { outdir: (attempt('first', (s) => orders(s), { outdir: 'out/first' }), 'out/first') })

attempt('bundling left out', (s, app) => {
  const skipped = new Stack(app, 'Skipped')
  orders(skipped)
  new FeatherpackBundle(s, { entries: { gone: 'src/gone.ts', sweep: 'cmd/sweep' } }).function(s, 'sweep')
}, { context: { 'aws:cdk:bundling-stacks': [] }, env: { FEATHERPACK_BINARY: '/nowhere/featherpack' } })
attempt('bundling of one stack', (s, app) => {
  orders(s)
  new FeatherpackBundle(new Stack(app, 'Other'), { binary: '/nowhere/featherpack', entries: { search: 'src/search.ts' } }).function(s.node.root.node.findChild('Other'), 'search')
}, { context: { 'aws:cdk:bundling-stacks': ['S'] } })
// What an earlier app left unused is nothing to this one.
attempt('again in one process', (s) => orders(s), { outdir: 'out/again' })
attempt('two bundles in one app', (s) => {
  const a = new FeatherpackBundle(s, 'A', { entries: { orders: 'src/orders.ts' } })
  const b = new FeatherpackBundle(s, 'B', { entries: { orders: 'src/search.ts', constructor: 'src/mail.ts' } })
  a.function(s, 'fromA', { entry: 'orders' })
  b.function(s, 'fromB', { entry: 'orders' })
  b.function(s, 'made', { entry: 'constructor' })
})
attempt('two without an id', (s) => [orders(s), orders(s)])

console.log(JSON.stringify(results))
