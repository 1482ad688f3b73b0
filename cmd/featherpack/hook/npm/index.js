'use strict'
<% template "client.js" . %>
// Functions that convert an option's value to arguments.
const asFlag = (flag) => (value) => (value ? [flag] : [])
const asText = (flag) => (value) => [`${flag}=${value}`]
const asList = (flag) => (value) => [].concat(value).map((one) => `${flag}=${one}`)
const asMap = (flag) => (value) => Object.entries(value).map(([key, one]) => `${flag}=${key}=${one}`)
// One file for all functions, or a file for each.
const asFiles = (flag) => (value) => (typeof value === 'string' ? asText(flag)(value) : asMap(flag)(value))

const FINDING = {
  config: asText('--config'),
  entry: asList('--entry'),
  params: asMap('--param'),
  stage: asText('--stage'),
}

const BUILDING = {
  ...FINDING,
  allowGoflag: asList('--allow-goflag'),
  allowCgo: asFlag('--allow-cgo'),
  allowInstallCode: asFlag('--allow-install-code'),
  allowScript: asList('--allow-script'),
  allowSecret: asList('--allow-secret'),
  allowOutside: asFlag('--allow-outside'),
  allowUncontained: asFlag('--allow-uncontained'),
  boot: asFlag('--boot'),
  bootNode: asText('--boot-node'),
  cache: asText('--cache'),
  cacheWrite: asFlag('--cache-write'),
  coefficients: asText('--coefficients'),
  coldShare: asText('--cold-share'),
  compress: asText('--compress'),
  event: asFiles('--event'),
  events: asText('--events'),
  exactBefore: asFlag('--exact-before'),
  expect: asFiles('--expect'),
  install: asFlag('--install'),
  invocations: asText('--invocations'),
  only: asList('--only'),
  out: asText('--out'),
  output: asMap('--output'),
  powerTuning: asFiles('--power-tuning'),
  prices: asText('--prices'),
  quiet: asFlag('--quiet'),
  region: asText('--region'),
  runs: asText('--runs'),
  shard: asText('--shard'),
  sourcemap: asText('--sourcemap'),
  sourcemapPackages: asFlag('--sourcemap-packages'),
  strict: asFlag('--strict'),
  timings: asFlag('--timings'),
  verbose: asFlag('--verbose'),
  waterfall: asFlag('--waterfall'),
}

const CHECKING = {
  ...BUILDING,
  built: asText('--built'),
  history: asText('--history'),
  compareRef: asText('--compare-ref'),
  compareTo: asText('--compare-to'),
  pairs: asText('--pairs'),
  runtimes: asList('--runtimes'),
  updateBudgets: asFlag('--update-budgets'),
}

// What concerns the run itself and not its command line.
const RUNNING = ['dir', 'cwd', 'binary', 'env']

/** Makes a command line of options; one that is misspelt is an error, not left out. */
function commandLine(command, options, known) {
  const args = [command]
  for (const [name, value] of Object.entries(options)) {
    if (RUNNING.includes(name) || value === undefined) continue
    if (!Object.hasOwn(known, name)) {
      throw new FeatherpackError(`${command} has no option ${name}; it has ${[...RUNNING, ...Object.keys(known)].sort().join(', ')}`)
    }
    args.push(...known[name](value))
  }
  if (options.dir !== undefined) {
    const dir = String(options.dir)
    args.push(dir.startsWith('-') ? `./${dir}` : dir) // a folder is never a flag
  }
  return args
}

function surroundings(options) {
  const cwd = path.resolve(options.cwd || process.cwd())
  return { cwd, from: cwd, binary: options.binary, env: options.env }
}

/** Builds, and resolves to the report. */
async function build(options = {}) {
  const { report } = await ask(commandLine('build', options, BUILDING), surroundings(options))
  return report
}

/** Builds, compares and judges, and resolves to {passed, report}. */
async function check(options = {}) {
  const { status, report } = await ask(commandLine('check', options, CHECKING), surroundings(options))
  return { passed: status === 0, report }
}

/**
 * Finds functions, and resolves to the project. What is wrong with it is in its
 * diagnostics, and also told on stderr where nothing could be listed.
 */
function discover(options = {}) {
  return new Promise((resolve, reject) => {
    const args = [...commandLine('discover', options, FINDING), '--json']
    const around = surroundings(options)
    const file = binary(around.from, around.binary)
    const child = childProcess.spawn(file, args, { ...spawnOptions(around), stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => reject(new FeatherpackError(`cannot run ${file}: ${error.message}`)))
    child.on('close', (status, signal) => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString()))
      } catch {
        reject(new FeatherpackError(`featherpack discover failed with exit status ${status === null ? signal : status}; the messages above say why`))
      }
    })
  })
}

// A framework that is told to load featherpack, and not featherpack/serverless,
// makes an instance of this.
module.exports = function featherpack(...all) {
  return new (require('./serverless'))(...all)
}
module.exports.build = build
module.exports.check = check
module.exports.discover = discover
module.exports.FeatherpackError = FeatherpackError
