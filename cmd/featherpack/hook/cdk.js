'use strict'
// featherpack for aws-cdk-lib 2: constructs for Lambda code that featherpack builds. One
// call builds all functions of an app. The zips reach cdk.out unchanged.
<% template "client.js" . %>
const { version } = require('aws-cdk-lib/package.json')
if (!/^2\./.test(version)) {
  throw new FeatherpackError(`this hook needs aws-cdk-lib 2, but this is version ${version}; install version 2, or build without the hook: featherpack build`)
}
const { Stack, Stage, Token } = require('aws-cdk-lib')
const lambda = require('aws-cdk-lib/aws-lambda')
const { Construct } = require('constructs')

const sha256 = (content) => require('node:crypto').createHash('sha256').update(content).digest('hex')

/** The given project root, by default the closest folder with a lockfile, as for NodejsFunction. */
function projectRoot(given) {
  if (given !== undefined) return realPath(given)
  const lockfiles = ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'npm-shrinkwrap.json', 'bun.lock', 'bun.lockb']
  const start = process.cwd()
  for (let at = start; ; at = path.dirname(at)) {
    if (lockfiles.some((name) => fs.existsSync(path.join(at, name)))) return realPath(at)
    if (path.dirname(at) === at) return realPath(start)
  }
}

/** The absolute path with symlinks resolved, as far as the path exists. */
function realPath(name) {
  const whole = path.resolve(name)
  try {
    return fs.realpathSync(whole)
  } catch {
    return path.dirname(whole) === whole ? whole : path.join(realPath(path.dirname(whole)), path.basename(whole))
  }
}

/** Rejects a misspelt option, which would otherwise have no effect. */
function known(what, given, names) {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw new FeatherpackError(`${what} has no option ${name}; use one of ${names.join(', ')}`)
  }
}

const sharedOptions = ['projectRoot', 'install', 'boot', 'compress', 'binary']
const entryOptions = ['handler', 'runtime', 'architecture', 'memorySize', 'timeout', 'environment', 'build']

const isNode = (entry) => /\.[cm]?[jt]sx?$/.test(entry)
const nameOf = (runtime) => (typeof runtime === 'string' ? runtime : runtime.name)

/** The settings that functions must share to be built in one call. */
function settingsOf(options) {
  const root = projectRoot(options.projectRoot)
  const args = []
  if (options.install) args.push('--install')
  if (options.boot) args.push('--boot')
  args.push('--compress', options.compress ?? 'best')
  return { root, args, binary: options.binary, key: JSON.stringify([root, args, options.binary]) }
}

/** One declared function, with its zip once it is built. */
class Declared {
  constructor(name, entry, options, settings) {
    if (typeof entry !== 'string' || entry === '') throw new FeatherpackError(`${name} has no entry; set it to its source file or the folder of its Go package`)
    const source = path.relative(settings.root, realPath(entry)).split(path.sep).join('/')
    if (source === '..' || source.startsWith('../') || path.isAbsolute(source)) {
      throw new FeatherpackError(`the entry ${entry} of ${name} is outside ${settings.root}; set projectRoot to a folder that holds all functions`)
    }
    this.name = name
    this.settings = settings
    this.options = options
    const node = isNode(source)
    this.runtime = runtimeOf(options.runtime, node)
    this.architecture = architectureOf(options.architecture)
    // The zip keeps the source's path, so the handler is known before the build.
    this.handler = node ? `${source.replace(/\.[^./]+$/, '')}.${options.handler ?? 'handler'}` : 'bootstrap'
    if (/\s/.test(this.handler) || this.handler.length > 128) {
      // docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, Handler
      throw new FeatherpackError(`lambda does not allow spaces or more than 128 characters in a handler such as ${this.handler}; rename the file, or set projectRoot closer to it`)
    }
    this.definition = {
      entry: source || '.',
      handler: node ? options.handler : undefined,
      runtime: this.runtime.name,
      arch: this.architecture.name,
      memory: options.memorySize,
      timeout: options.timeout === undefined ? undefined : options.timeout.toSeconds(),
      environment: plainTexts(options.environment),
      ...options.build,
    }
  }
}

function runtimeOf(given, node) {
  if (given instanceof lambda.Runtime) return given
  const name = given ?? (node ? 'nodejs22.x' : 'provided.al2023')
  return lambda.Runtime.ALL.find((r) => r.name === name) ?? new lambda.Runtime(name, node ? lambda.RuntimeFamily.NODEJS : lambda.RuntimeFamily.OTHER)
}

function architectureOf(given) {
  if (typeof given !== 'string') return given ?? lambda.Architecture.X86_64
  return given === 'arm64' ? lambda.Architecture.ARM_64 : given === 'x86_64' ? lambda.Architecture.X86_64 : lambda.Architecture.custom(given)
}

/** The values that are known before the deployment. */
function plainTexts(environment) {
  if (environment === undefined) return undefined
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => !Token.isUnresolved(value)))
}

// Functions that are declared but not built yet. The first function of an app that needs its
// zip builds all of them in one call: those of the app's bundles, and those of fromEntry, which
// does not know its app.
const waitingInApp = new WeakMap()
const waitingAnywhere = new Set()

function waitingFor(root) {
  if (!waitingInApp.has(root)) waitingInApp.set(root, new Set())
  return waitingInApp.get(root)
}

// The builds of this process by their input, so that another synthesis in the same process
// (common in tests) does not build again. CDK caches its assets in the same way.
const builds = new Map()

/** Builds a function, together with the others that are not built yet, and returns its zip. */
function built(declared, scope) {
  const stage = Stage.of(scope)
  if (!stage) throw new FeatherpackError(`${declared.name} is not part of an App or a Stage, so there is no output folder for its zip`)
  if (!declared.zip || !fs.existsSync(declared.zip.file)) {
    const batch = new Set([declared])
    for (const waiting of [waitingFor(scope.node.root), waitingAnywhere]) {
      for (const other of waiting) if (other.settings.key === declared.settings.key) batch.add(other)
      for (const other of batch) waiting.delete(other)
    }
    build([...batch], declared.settings, stage.assetOutdir)
  }
  const { file, digest } = declared.zip
  if (sha256(fs.readFileSync(file)) !== digest) throw new FeatherpackError(`${file} has changed since it was built; synthesize again`)
  return declared.zip
}

function build(batch, settings, outdir) {
  const names = new Map()
  for (const declared of batch) {
    let name = declared.name
    for (let n = 2; names.has(name); n++) name = `${declared.name}-${n}`
    names.set(name, declared)
  }
  const functions = Object.fromEntries([...names].map(([name, declared]) => [name, declared.definition]))
  const input = JSON.stringify({ functions }, null, 1)
  const key = sha256(settings.key + input)
  let zips = builds.get(key)
  if (!zips || !zips.every((zip) => fs.existsSync(zip.file))) {
    const out = path.resolve(outdir, `featherpack-${key.slice(0, 16)}`)
    const { report } = askSync(['build', '--functions', '-', '--out', path.relative(settings.root, out), ...settings.args], {
      cwd: settings.root,
      from: process.cwd(),
      binary: settings.binary,
      input,
    })
    zips = [...names].map(([name, declared]) => zipOf(report, name, declared, out))
    builds.set(key, zips)
    process.stderr.write(`featherpack: ${names.size === 1 ? '1 function' : `${names.size} functions`}, ${size(report.totals.zipBytes)} zipped\n`)
  }
  batch.forEach((declared, i) => (declared.zip = zips[i]))
}

/** Returns a function's zip. Throws if its handler differs from the template's. */
function zipOf(report, name, declared, out) {
  const of = report.functions.find((f) => f.name === name)
  if (!of || !of.artifact) throw new FeatherpackError(`featherpack built no zip for ${name}`)
  if (of.family === 'node' && of.handler !== declared.handler) {
    throw new FeatherpackError(`featherpack built ${name} with the handler ${of.handler}, but the template would use ${declared.handler}`)
  }
  return { file: path.join(out, of.artifact.name), digest: of.artifact.sha256 }
}

/** An empty zip, for functions that are not going to be deployed. */
function placeholder(scope) {
  const file = path.resolve(Stage.of(scope).assetOutdir, 'featherpack-not-bundled.zip')
  if (!fs.existsSync(file)) fs.writeFileSync(file, Buffer.from('504b0506'.padEnd(44, '0'), 'hex'))
  return lambda.Code.fromAsset(file)
}

/** Code that featherpack builds when a function first needs it. */
class FeatherpackCode extends lambda.Code {
  #declared
  #asset

  constructor(declared) {
    if (!(declared instanceof Declared)) throw new FeatherpackError('create FeatherpackCode with FeatherpackCode.fromEntry() or bundle.code()')
    super()
    this.#declared = declared
    this.isInline = false
  }

  /**
   * The code of one function. Entries that are declared before the first one is
   * used are built in one call.
   */
  static fromEntry(entry, options = {}) {
    known('FeatherpackCode.fromEntry', options, [...entryOptions, ...sharedOptions])
    const { dir, name: stem } = path.parse(String(entry))
    const name = `${path.basename(dir)}-${stem}`.replace(/[^A-Za-z0-9_-]+/g, '-').slice(-100).replace(/^-+/, '') || 'function'
    const declared = new Declared(name, entry, options, settingsOf(options))
    waitingAnywhere.add(declared)
    return new FeatherpackCode(declared)
  }

  get handler() {
    return this.#declared.handler
  }

  get runtime() {
    return this.#declared.runtime
  }

  get architecture() {
    return this.#declared.architecture
  }

  bind(scope) {
    if (Stack.of(scope).bundlingRequired) {
      const { file, digest } = built(this.#declared, scope)
      this.#asset = lambda.Code.fromAsset(file, { assetHash: digest })
    } else {
      // The CLI is not going to deploy this stack.
      waitingFor(scope.node.root).delete(this.#declared)
      waitingAnywhere.delete(this.#declared)
      this.#asset = placeholder(scope)
    }
    return this.#asset.bind(scope)
  }

  bindToResource(resource, options) {
    fits(this.#declared, resource)
    this.#asset.bindToResource(resource, options)
  }
}

/** Rejects a function whose handler, runtime or architecture is not the one its code was built for. */
function fits(declared, resource) {
  if (!(resource instanceof lambda.CfnFunction)) return
  const differs = (what, says, built, property) => {
    throw new FeatherpackError(`the function ${resource.node.path} has ${what} ${says}, but its code is built for ${built}; use the code's ${property}, or use bundle.function()`)
  }
  const { handler, runtime, architectures } = resource
  const plain = (value) => value !== undefined && !Token.isUnresolved(value)
  const fileOf = (h) => h.replace(/\.[^/]*$/, '') // up to the name's first dot, as lambda reads it
  // A layer's wrapper below /opt is the handler instead of the function's.
  if (declared.handler !== 'bootstrap' && plain(handler) && !handler.startsWith('/opt/') && fileOf(handler) !== fileOf(declared.handler)) {
    differs('the handler', handler, declared.handler, 'handler')
  }
  if (plain(runtime) && runtime !== declared.runtime.name) differs('the runtime', runtime, declared.runtime.name, 'runtime')
  const architecture = architectures === undefined ? 'x86_64' : architectures[0]
  if (plain(architecture) && architecture !== declared.architecture.name) differs('the architecture', architecture, declared.architecture.name, 'architecture')
}

/**
 * All functions of an app, or of a part of it, built in one call. It is a construct,
 * so that it can find its app, output folder and context. The functions stay in the
 * scopes where the app creates them, with their own IDs.
 */
class FeatherpackBundle extends Construct {
  #functions = new Map()

  /** Takes (scope, id, props) as other constructs do. The default id is "Featherpack", so it works for one bundle in each scope. */
  constructor(scope, id, props) {
    if (typeof id !== 'string') [id, props] = ['Featherpack', id]
    super(scope, id)
    const { entries, runtime, architecture, build, environment, ...shared } = props ?? {}
    known('FeatherpackBundle', shared, sharedOptions)
    if (!entries || Object.keys(entries).length === 0) throw new FeatherpackError('FeatherpackBundle needs entries: {orders: "src/orders.ts"}')
    const settings = settingsOf(shared)
    for (const [name, given] of Object.entries(entries)) {
      const { entry, ...own } = typeof given === 'string' ? { entry: given } : given
      known(`the entry ${name}`, own, entryOptions)
      const options = { architecture, ...own }
      if (own.runtime === undefined && runtime !== undefined && isNode(entry) === nameOf(runtime).startsWith('nodejs')) options.runtime = runtime
      if (build || own.build) options.build = { ...build, ...own.build }
      if (environment || own.environment) options.environment = { ...environment, ...own.environment }
      this.#functions.set(name, new Declared(name, entry, options, settings))
    }
    for (const declared of this.#functions.values()) waitingFor(this.node.root).add(declared)
  }

  /** The names of the declared entries. */
  get names() {
    return [...this.#functions.keys()]
  }

  /** The code of an entry, for any construct that accepts a lambda.Code. */
  code(name) {
    return new FeatherpackCode(this.#named(name))
  }

  /** Creates a function from the entry props.entry, by default the entry with the function's id. */
  function(scope, id, props = {}) {
    const { entry = id, environment, ...rest } = props
    for (const name of ['code', 'handler', 'runtime', 'architecture']) {
      if (name in rest) throw new FeatherpackError(`bundle.function() sets ${name} itself; set it in the entry ${entry}`)
    }
    const declared = this.#named(entry)
    const { memorySize, timeout } = declared.options
    const { handler, runtime, architecture } = declared
    const variables = { ...declared.options.environment, ...environment }
    return new lambda.Function(scope, id, {
      memorySize,
      timeout,
      ...rest,
      environment: Object.keys(variables).length > 0 ? variables : undefined,
      handler,
      runtime,
      architecture,
      code: new FeatherpackCode(declared),
    })
  }

  #named(name) {
    const declared = this.#functions.get(name)
    if (!declared) throw new FeatherpackError(`the bundle ${this.node.path} has no entry ${name}; it has ${this.names.join(', ')}`)
    return declared
  }

  /** Clears the cache of builds, for programs that synthesize again after sources changed. */
  static clearCache() {
    builds.clear()
  }
}

module.exports = { FeatherpackBundle, FeatherpackCode, FeatherpackError }
