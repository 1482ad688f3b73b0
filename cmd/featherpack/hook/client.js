// The client: finds the featherpack binary, runs it, and reads its JSON. It has
// no dependencies and works on Node 18 and later, so that it can be part of any
// hook.
const childProcess = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')

// What this file was written by: a report of another shape is refused, never
// read as well as may be.
const VERSION = '<% .Version %>'
const SCHEMA = Number('<% .Schema %>')

/** A failure that the user is to see as it stands, without a stack. */
class FeatherpackError extends Error {
  constructor(message) {
    super(message)
    this.name = 'FeatherpackError'
    this.code = 'FEATHERPACK'
  }
}

/**
 * Finds the binary: what the caller or FEATHERPACK_BINARY names, else the npm
 * package that carries it for this platform, else the search path.
 */
function binary(from, named) {
  const chosen = named || process.env.FEATHERPACK_BINARY
  if (chosen) {
    const file = path.resolve(from, chosen)
    if (!fs.existsSync(file)) {
      throw new FeatherpackError(`there is no featherpack binary at ${chosen}; correct the option binary, or FEATHERPACK_BINARY`)
    }
    return file
  }
  const name = process.platform === 'win32' ? 'featherpack.exe' : 'featherpack'
  const packaged = `@featherpack/${process.platform}-${process.arch}/bin/${name}`
  for (const start of [from, __dirname]) {
    try {
      return require.resolve(packaged, { paths: [start] })
    } catch {
      // The next place, then the search path.
    }
  }
  for (const folder of (process.env.PATH || '').split(path.delimiter)) {
    const file = path.join(folder, name)
    if (folder && fs.existsSync(file)) return file
  }
  throw new FeatherpackError(
    'the featherpack binary is not installed; npm install --save-dev featherpack brings it (with optional dependencies on), or name it with FEATHERPACK_BINARY',
  )
}

function spawnOptions(options) {
  return { cwd: options.cwd, env: { ...process.env, ...options.env }, windowsHide: true }
}

/**
 * Reads what a run printed; throws unless it is a report of the shape known here.
 * The error of a run that failed has the report too, as far as there is one.
 */
function readReport(status, stdout, what) {
  let report
  try {
    report = JSON.parse(stdout)
  } catch {
    // A run that fails early prints none.
  }
  const known = report !== null && typeof report === 'object' && report.schema === SCHEMA
  // Status 1 is "over budget": everything was built and the report is whole.
  if (status !== 0 && status !== 1) {
    const error = new FeatherpackError(`featherpack ${what} failed with exit status ${status}; what is wrong stands above`)
    if (known) error.report = report
    throw error
  }
  if (report === null || typeof report !== 'object' || report.schema === undefined) {
    throw new FeatherpackError(`featherpack ${what} printed no report; is the binary another program?`)
  }
  if (!known) {
    const other = report.tool && report.tool.version
    throw new FeatherpackError(
      `this hook is of featherpack ${VERSION} and reads reports of version ${SCHEMA}, and the binary is ${other} and writes version ${report.schema}; use one version of both`,
    )
  }
  return report
}

/**
 * Runs featherpack with --json and returns {status, report}: status 0, or 1 for
 * over budget; whatever else throws. What the run says to people goes to stderr,
 * or line by line to say, where that is given.
 * Options: cwd, from (where the npm package is looked for), binary, env, input, say.
 */
function ask(args, options) {
  return new Promise((resolve, reject) => {
    const file = binary(options.from || options.cwd, options.binary)
    const stdio = ['pipe', 'pipe', options.say ? 'pipe' : 'inherit']
    const child = childProcess.spawn(file, [...args, '--json'], { ...spawnOptions(options), stdio })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    if (options.say) readline.createInterface({ input: child.stderr }).on('line', options.say)
    child.stdin.on('error', () => {}) // a run that ends early does not read its input
    child.stdin.end(options.input || '')
    child.on('error', (error) => reject(new FeatherpackError(`cannot run ${file}: ${error.message}`)))
    child.on('close', (status, signal) => {
      try {
        resolve({ status, report: readReport(status === null ? signal : status, Buffer.concat(chunks).toString(), args[0]) })
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** The same, for callers that cannot wait. */
function askSync(args, options) {
  const file = binary(options.from || options.cwd, options.binary)
  const run = childProcess.spawnSync(file, [...args, '--json'], {
    ...spawnOptions(options),
    input: options.input || '',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 1 << 30,
  })
  // A run that ends early does not read its input, and says why by its status.
  if (run.error && run.error.code !== 'EPIPE') throw new FeatherpackError(`cannot run ${file}: ${run.error.message}`)
  const status = run.status === null ? run.signal : run.status
  return { status, report: readReport(status, run.stdout.toString(), args[0]) }
}

/** Bytes as people read them. */
function size(bytes) {
  if (bytes < 1024) return `${bytes} B`
  const [value, unit] = bytes < 1 << 20 ? [bytes / 1024, 'KiB'] : [bytes / (1 << 20), 'MiB']
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`
}
