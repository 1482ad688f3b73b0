'use strict'
// Plugs featherpack <% .Version %> into the Serverless Framework, versions 3 and 4, and
// osls 3 and 4. Add this file to the plugins in serverless.yml. It passes the resolved service
// to featherpack and sets each function's package.artifact to the zip that featherpack built.

<% template "client.js" . %>
const crypto = require('node:crypto')

// Set on the framework's object by the first copy of this plugin that is loaded.
const LOADED = Symbol.for('featherpack.serverless')

// Above this many functions, a line for each is logged only with --verbose.
const FEW = 24

// The schema of a function's featherpack key. The binary validates the settings in it.
const FUNCTION_SCHEMA = {
  type: 'object',
  properties: { featherpack: { anyOf: [{ const: false }, { type: 'object' }] } },
}

const OPTIONS_SCHEMA = {
  type: 'object',
  properties: {
    featherpack: {
      type: 'object',
      properties: {
        binary: { type: 'string' },
        out: { type: 'string' },
        compress: { enum: ['fast', 'default', 'best'] },
        sourcemap: { enum: ['external', 'zip', 'none'] },
        budgets: { anyOf: [{ type: 'boolean' }, { const: 'warn' }] },
        baseline: { type: 'string' },
        boot: { type: 'boolean' },
        install: { type: 'boolean' },
      },
      additionalProperties: false,
    },
  },
}

class ServerlessFeatherpack {
  constructor(serverless, cliOptions, { log, progress }) {
    Object.assign(this, { serverless, cliOptions, log, progress })
    this.hooks = {}
    if (serverless[LOADED]) {
      log.warning('featherpack is listed twice in the plugins; this copy does nothing')
      return
    }
    serverless[LOADED] = true
    this.requireVersion()
    serverless.configSchemaHandler.defineCustomProperties(OPTIONS_SCHEMA)
    serverless.configSchemaHandler.defineFunctionProperties('aws', FUNCTION_SCHEMA)
    // By function: the original package setting, and the zip.
    this.packed = new Map()
    this.hooks = {
      // After package:cleanup, which empties .serverless, and before any bundler.
      'before:package:initialize': () => this.pack(),
      'after:package:createDeploymentArtifacts': () => this.verifyArtifacts(),
      'before:deploy:function:initialize': () => this.pack(this.cliOptions.function),
      'before:deploy:function:deploy': () => this.verifyArtifacts(),
      'before:invoke:local:loadEnvVars': () => this.prepareLocal(),
      'before:invoke:local:invoke': () => this.enterLocal(),
      'after:invoke:local:invoke': () => this.leaveLocal(),
    }
  }

  get options() {
    return (this.serverless.service.custom || {}).featherpack || {}
  }

  requireVersion() {
    const { version } = this.serverless
    if (!/^[34]\./.test(version)) {
      throw this.failure(
        `this hook needs Serverless Framework 3 or 4 or osls 3 or 4, but this is version ${version}; use one of those, or package without the hook: featherpack build`,
      )
    }
  }

  /** An error that ends the command, and that the framework shows without a stack trace. */
  failure(message) {
    return new this.serverless.classes.Error(message, 'FEATHERPACK')
  }

  /** Runs a file operation and converts its errors. */
  onDisk(file, act) {
    try {
      act()
    } catch (error) {
      throw this.failure(`cannot write ${file}: ${error.code || error.message}; check the folder, its permissions and the free space`)
    }
  }

  /**
   * Warns if the esbuild of Framework 4 is on. It skips functions that have an artifact,
   * so its settings have no effect.
   */
  warnAboutEsbuild(names) {
    const { service } = this.serverless
    const asked = (build) => build === 'esbuild' || Boolean(build && build.esbuild)
    if (!asked(service.build) && !names.some((name) => asked(service.getFunction(name).build))) return
    this.log.warning(
      "the framework's own esbuild is on (build: esbuild), but featherpack builds instead of it and its options have no effect; run featherpack init to convert them, then set build: {esbuild: false}",
    )
  }

  /** Builds the service, or one function of it, and sets the artifacts. */
  async pack(only) {
    const { service, serviceDir } = this.serverless
    for (const [name, { written }] of this.packed) service.getFunction(name).package = written
    this.packed.clear()
    const names = only ? [only] : service.getAllFunctions()
    if (names.length === 0) return
    this.warnAboutEsbuild(names)
    const report = await this.build(names, { only, judge: true })
    for (const { name, artifact } of report.functions) {
      const at = places(path, serviceDir, this.options.out, name, artifact.name)
      this.onDisk(at.artifact, () => {
        fs.mkdirSync(path.dirname(at.artifact), { recursive: true })
        fs.rmSync(at.artifact, { force: true })
        try {
          fs.linkSync(at.zip, at.artifact)
        } catch {
          fs.copyFileSync(at.zip, at.artifact) // across file systems, or without hard links
        }
      })
      const lambda = service.getFunction(name)
      this.packed.set(name, { written: lambda.package, artifact: at.artifact, sha256: artifact.sha256 })
      // Without individually, the framework looks for a single zip of the service.
      lambda.package = { ...lambda.package, individually: true, artifact: at.artifact }
    }
    this.logSizes(report)
  }

  /** Runs featherpack and returns its report, or throws an error with all its messages. */
  async build(names, { only, judge, unpacked }) {
    const { service, serviceDir } = this.serverless
    const { options } = this
    for (const name of names) {
      const at = places(path, serviceDir, options.out, name, `${name}.zip`)
      this.onDisk(at.artifact, () => fs.rmSync(at.artifact, { force: true }))
      if (isOwnFolder(at.out)) this.onDisk(at.zip, () => fs.rmSync(at.zip, { force: true }))
    }
    if (options.baseline && !options.budgets) throw this.failure('custom.featherpack.baseline needs budgets; set custom.featherpack.budgets to true or warn')
    const judged = judge && options.budgets
    const args = [judged ? 'check' : 'build', '--config', '-', '--out', places(path, serviceDir, options.out).out]
    if (only) args.push('--only', only)
    if (unpacked) args.push('--unpacked')
    // A zip that is deployed takes the longer compression; one that is only unpacked, to run it, does not.
    const compress = options.compress || (unpacked ? undefined : 'best')
    if (compress) args.push('--compress', compress)
    if (options.sourcemap) args.push('--sourcemap', options.sourcemap)
    if (options.install) args.push('--install')
    if (judge && options.boot) args.push('--boot')
    if (judged && options.baseline) args.push('--compare-to', path.resolve(serviceDir, options.baseline))
    if (this.cliOptions.verbose) args.push('--verbose')
    const messages = []
    const spinner = this.progress.get('featherpack')
    spinner.notice(`Building ${only || `${names.length} functions`} with featherpack`)
    try {
      const { status, report } = await ask(args, {
        cwd: serviceDir,
        binary: options.binary,
        input: JSON.stringify({
          format: 'serverless',
          manifest: this.serverless.configurationFilename,
          document: this.resolved(judge && options.boot),
        }),
        say: (line) => {
          // A hint belongs to the previous line.
          if (line.startsWith('  ') && messages.length > 0) messages[messages.length - 1] += `\n${line}`
          else messages.push(line.replace(/^featherpack: /, ''))
        },
      })
      this.logMessages(messages)
      return this.judge(report, status)
    } catch (error) {
      if (error.code !== 'FEATHERPACK' || error instanceof this.serverless.classes.Error) throw error
      // The only problem is a budget that could not be judged.
      if (error.report && sound(error.report)) {
        this.logMessages(messages)
        return this.judge(error.report, 2)
      }
      throw this.failure([...messages, error.message.replace('; the messages above say why', '')].join('\n'))
    } finally {
      spinner.remove()
    }
  }

  /**
   * The parts of the service that featherpack needs. Environment values may be secrets, so
   * they are passed only if functions are started, which needs them, and only through a pipe.
   */
  resolved(withEnvironment) {
    const { service } = this.serverless
    const environment = (from) =>
      from &&
      Object.fromEntries(
        Object.entries(from).map(([name, value]) => {
          if (value === null) return [name, null] // removes the provider's value
          const plain = typeof value !== 'object' && (withEnvironment || BUILD_VARIABLES.includes(name))
          return [name, plain ? String(value) : {}]
        }),
      )
    const settings = (from) => ({
      ...pick(from, ['runtime', 'architecture', 'memorySize', 'timeout', 'layers']),
      environment: environment(from.environment),
    })
    const packaging = (from) => from && { ...pick(from, ['individually', 'patterns', 'include', 'exclude']), artifact: from.artifact ? true : undefined }
    const provider = { name: service.provider.name, ...settings(service.provider) }
    // The framework deploys with these defaults.
    const aws = this.serverless.getProvider('aws')
    provider.runtime = provider.runtime || (aws && aws.getRuntime && aws.getRuntime())
    provider.memorySize = provider.memorySize || 1024
    provider.timeout = provider.timeout || 6
    const functions = {}
    for (const name of service.getAllFunctions()) {
      const from = service.getFunction(name)
      functions[name] = { ...pick(from, ['handler', 'featherpack']), ...settings(from), image: from.image ? true : undefined, package: packaging(from.package) }
    }
    const go = service.custom && service.custom.go
    return { service: service.service, provider, package: packaging(service.package), functions, custom: go && { go: pick(go, ['baseDir', 'cmd']) } }
  }

  /** Ends the command if a budget is exceeded, unless budgets is "warn". */
  judge(report, status) {
    const lines = (report.verdicts || [])
      .filter((v) => v.outcome !== 'pass' && v.outcome !== 'accepted')
      .map((v) => (v.hint ? `${v.message} (${v.hint})` : v.message))
    if (status !== 0 && this.options.budgets !== 'warn') {
      throw this.failure([...lines, status === 1 ? 'over budget: nothing is deployed' : 'a budget could not be judged: nothing is deployed'].join('\n'))
    }
    for (const line of lines) this.log.warning(line)
    return report
  }

  logMessages(lines) {
    for (const line of lines) {
      const quiet = /^(note: |\d+ notes?;)/.test(line)
      this.log[quiet ? 'info' : 'warning'](line.replace(/^warning: /, ''))
    }
  }

  /** Logs the sizes before and after; with --verbose also the skipped functions. */
  logSizes(report) {
    for (const { name, reason } of report.skipped || []) this.log.info(`featherpack does not build ${name}: ${reason}`)
    const { functions, totals } = report
    if (functions.length === 0) return
    this.log.notice(`featherpack: ${functions.length === 1 ? '1 function' : `${functions.length} functions`}, ${size(totals.zipBytes)} zipped`)
    const width = Math.max(...functions.map((f) => f.name.length))
    for (const { name, artifact, unbundled } of functions) {
      let line = `  ${name.padEnd(width)}  ${size(artifact.zipBytes).padStart(8)}`
      if (unbundled && unbundled.zipBytes > 0) {
        const change = Math.trunc((artifact.zipBytes / unbundled.zipBytes - 1) * 1000) / 10
        line += `, unbundled ${unbundled.zipExact ? '' : 'about '}${size(unbundled.zipBytes)} (${change.toFixed(1)}%)`
      }
      this.log[functions.length > FEW ? 'info' : 'notice'](line)
    }
  }

  /** Checks that the zips to deploy are the ones that were built. */
  async verifyArtifacts() {
    for (const [name, { artifact, sha256 }] of this.packed) {
      const now = (this.serverless.service.getFunction(name).package || {}).artifact
      if (now !== artifact) {
        throw this.failure(`another plugin has replaced the artifact that featherpack built for function ${name}; remove one of the two plugins`)
      }
      if ((await digest(artifact)) !== sha256) {
        throw this.failure(`the zip of function ${name} is not the one that featherpack built, because another process writes to the same folder; run them one after the other, or set custom.featherpack.out`)
      }
    }
  }

  /** Builds the function that is invoked locally, with its files unpacked. */
  async prepareLocal() {
    const name = this.cliOptions.function
    const lambda = this.serverless.service.getFunction(name)
    const runtime = lambda.runtime || this.serverless.service.provider.runtime || ''
    // With a container, the framework packages first, which builds the zip.
    if (lambda.image || this.cliOptions.docker || (runtime && !runtime.startsWith('nodejs'))) return
    const report = await this.build([name], { only: name, unpacked: true })
    for (const { name: skipped, reason } of report.skipped || []) {
      if (skipped === name) this.log.info(`featherpack does not build ${name}: ${reason}`)
    }
    if (report.functions.length === 0) return
    const at = places(path, this.serverless.serviceDir, this.options.out, name, report.functions[0].artifact.name)
    giveCommonEntry(at.unpacked, lambda.handler)
    // The framework's own bundler skips functions that have an artifact.
    lambda.package = { ...lambda.package, artifact: at.zip }
    this.local = at.unpacked
  }

  enterLocal() {
    if (!this.local) return
    this.left = this.serverless.serviceDir
    this.serverless.config.servicePath = this.local
    this.serverless.serviceDir = this.local
  }

  leaveLocal() {
    if (!this.left) return
    this.serverless.config.servicePath = this.left
    this.serverless.serviceDir = this.left
  }
}

// Variables that affect how a function is built. They hold no secrets.
const BUILD_VARIABLES = ['NODE_OPTIONS', 'AWS_LAMBDA_EXEC_WRAPPER']

/**
 * The paths of a function's files. The zip is built in featherpack's folder and deployed from
 * the framework's. There its name cannot clash with the framework's own zips, because names of
 * layers and functions contain no dot.
 */
function places(paths, serviceDir, out, name = '', zip = '') {
  const folder = paths.resolve(serviceDir, out || '.featherpack')
  return {
    out: folder,
    zip: paths.join(folder, ...zip.split('/')),
    unpacked: paths.join(folder, '.unpacked', ...zip.replace(/\.zip$/, '').split('/')),
    artifact: paths.join(serviceDir, '.serverless', `${name}.featherpack.zip`),
  }
}

/** Reports whether featherpack created a folder. Files in other folders are not removed. */
function isOwnFolder(folder) {
  try {
    return fs.readFileSync(path.join(folder, '.gitignore'), 'utf8').startsWith('# Written by featherpack.')
  } catch {
    return false
  }
}

/**
 * The framework's local run uses require(), which does not find .mjs files. So this adds a .cjs
 * next to the .mjs that imports it. The zip is not changed.
 */
function giveCommonEntry(folder, handler) {
  const dot = handler.indexOf('.', handler.lastIndexOf('/'))
  const file = path.join(folder, ...handler.slice(0, dot).split('/'))
  if (!fs.existsSync(`${file}.mjs`) || fs.existsSync(`${file}.cjs`)) return
  const name = JSON.stringify(handler.slice(dot + 1))
  const from = JSON.stringify(`./${path.basename(file)}.mjs`)
  fs.writeFileSync(`${file}.cjs`, `exports[${name}] = async (...all) => (await import(${from}))[${name}](...all)\n`)
}

function sound(report) {
  const all = [report, ...report.functions].flatMap((one) => one.diagnostics || [])
  return report.functions.every((f) => f.artifact) && !all.some((d) => d.severity === 'error' || d.severity === 'refused')
}

function pick(from, names) {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]))
}

async function digest(file) {
  const hash = crypto.createHash('sha256')
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

module.exports = ServerlessFeatherpack
module.exports.places = places
