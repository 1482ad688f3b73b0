// Finds the featherpack binary, runs it, and reads its JSON. It has no dependencies and
// works on Node 18 and later, so that any hook can include it.
const childProcess = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')

// The version that wrote this file, and the report schema it can read. Reports with
// another schema are rejected.
const VERSION = '<% .Version %>'
const SCHEMA = Number('<% .Schema %>')

/** An error to show to the user without a stack trace. */
class FeatherpackError extends Error {
  constructor(message) {
    super(message)
    this.name = 'FeatherpackError'
    this.code = 'FEATHERPACK'
  }
}

/**
 * Finds the binary: the one that the caller or FEATHERPACK_BINARY names, else the one in the
 * npm package for this platform, else the one on the PATH.
 */
function binary(from, named) {
  const chosen = named || process.env.FEATHERPACK_BINARY
  if (chosen) {
    const file = path.resolve(from, chosen)
    if (!fs.existsSync(file)) {
      throw new FeatherpackError(`there is no featherpack binary at ${chosen}; correct the binary option or FEATHERPACK_BINARY`)
    }
    return file
  }
  const name = process.platform === 'win32' ? 'featherpack.exe' : 'featherpack'
  const packaged = `@featherpack/${process.platform}-${process.arch}/bin/${name}`
  for (const start of [from, __dirname]) {
    try {
      return require.resolve(packaged, { paths: [start] })
    } catch {
      // Try the next folder, then the PATH.
    }
  }
  for (const folder of (process.env.PATH || '').split(path.delimiter)) {
    const file = path.join(folder, name)
    if (folder && fs.existsSync(file)) return file
  }
  throw new FeatherpackError(
    'the featherpack binary is not installed; run npm install --save-dev featherpack (with optional dependencies on), or set FEATHERPACK_BINARY',
  )
}

function spawnOptions(options) {
  return { cwd: options.cwd, env: { ...process.env, ...options.env }, windowsHide: true }
}

/**
 * Parses the output of a run. Throws unless it is a report with the supported schema. If the
 * run failed but printed a report, the error has it.
 */
function readReport(status, stdout, what) {
  let report
  try {
    report = JSON.parse(stdout)
  } catch {
    // A run that fails early prints no report.
  }
  const known = report !== null && typeof report === 'object' && report.schema === SCHEMA
  // Status 1 is "over budget": everything was built and the report is complete.
  if (status !== 0 && status !== 1) {
    const error = new FeatherpackError(`featherpack ${what} failed with exit status ${status}; the messages above say why`)
    if (known) error.report = report
    throw error
  }
  if (report === null || typeof report !== 'object' || report.schema === undefined) {
    throw new FeatherpackError(`featherpack ${what} printed no report; check that the binary is featherpack`)
  }
  if (!known) {
    const other = report.tool && report.tool.version
    throw new FeatherpackError(
      `this hook is from featherpack ${VERSION} and reads reports of version ${SCHEMA}, but the binary is ${other} and writes version ${report.schema}; use the same version of both`,
    )
  }
  return report
}

/**
 * Runs featherpack with --json and returns {status, report}. The status is 0, or 1 for over
 * budget; otherwise it throws. The run's messages go to stderr, or line by line to say if
 * that is set. Options: cwd, from (the folder to search the npm package from), binary, env,
 * input, say.
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

/** The synchronous variant of ask. */
function askSync(args, options) {
  const file = binary(options.from || options.cwd, options.binary)
  const run = childProcess.spawnSync(file, [...args, '--json'], {
    ...spawnOptions(options),
    input: options.input || '',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 1 << 30,
  })
  // A run that ends early does not read its input; its status says why.
  if (run.error && run.error.code !== 'EPIPE') throw new FeatherpackError(`cannot run ${file}: ${run.error.message}`)
  const status = run.status === null ? run.signal : run.status
  return { status, report: readReport(status, run.stdout.toString(), args[0]) }
}

/** A human-readable size. */
function size(bytes) {
  if (bytes < 1024) return `${bytes} B`
  const [value, unit] = bytes < 1 << 20 ? [bytes / 1024, 'KiB'] : [bytes / (1 << 20), 'MiB']
  return `${value < 100 ? value.toPrecision(3) : Math.round(value)} ${unit}`
}
