// Runs featherpack check in a workflow. It writes annotations and the log to stdout, the
// summary of the step, and a folder of reports for later steps. It needs no token. The
// action's last step sets the exit status.
<% template "client.js" . %>
const os = require('node:os')

/** Writes a workflow command, with line breaks in its value escaped. */
function command(name, text) {
  const data = String(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
  process.stdout.write(`::${name}::${data}\n`)
}

/** Finds the binary. If there is none, installs it with npm in a temporary folder. */
function findBinary(folder) {
  // An empty input counts as unset.
  const named = process.env.FEATHERPACK_BINARY || undefined
  try {
    return binary(folder, named)
  } catch (error) {
    if (named) throw error
  }
  const prefix = path.join(temporary(), 'featherpack-installed')
  fs.mkdirSync(prefix, { recursive: true })
  const version = (process.env.FEATHERPACK_VERSION || 'latest').replace(/^v/, '')
  if (!/^[0-9A-Za-z.+-]+$/.test(version)) throw new FeatherpackError(`the version ${JSON.stringify(version)} is not valid`)
  const run = childProcess.spawnSync('npm', ['install', '--prefix', prefix, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `featherpack@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (run.status !== 0) {
    throw new FeatherpackError(`cannot install featherpack ${version} from npm; add it to the project (npm install --save-dev featherpack), or set the action's binary input`)
  }
  return binary(prefix)
}

function temporary() {
  return process.env.RUNNER_TEMP || os.tmpdir()
}

/** Appends to one of the runner's files, which other steps may have written to. */
function append(variable, text) {
  if (process.env[variable]) fs.appendFileSync(process.env[variable], text)
}

/** Reads a file, "" if it does not exist. */
function written(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

/** Reports whether anything differs from the base, or needs attention. */
function changed(report) {
  if (report === '') return true
  const { delta, verdicts = [], totals } = JSON.parse(report)
  return !delta || Boolean(delta.baseline.missing) || totals.failed > 0 ||
    delta.functions.some((f) => f.status !== 'same') || verdicts.some((v) => v.outcome !== 'pass')
}

function check() {
  const folder = path.resolve(process.env.FEATHERPACK_FOLDER || '.')
  const file = findBinary(folder)
  const reports = fs.mkdtempSync(path.join(temporary(), 'featherpack-report-'))
  const at = (name) => path.join(reports, name)
  const args = ['check', '-o', 'text', '-o', `github=${at('annotations.txt')}`, '-o', `github-summary=${at('summary.md')}`,
    '-o', `markdown=${at('comment.md')}`, '-o', `html=${at('report.html')}`, '-o', `json=${at('report.json')}`]
  if (process.env.FEATHERPACK_INSTALL !== 'false') args.push('--install')
  // Starting a function takes a second; measuring its load takes ten, so that is asked for.
  if (process.env.FEATHERPACK_BOOT !== 'false') args.push('--boot', '--pairs=0')
  for (const line of (process.env.FEATHERPACK_ARGUMENTS || '').split('\n')) {
    if (line.trim() !== '') args.push(line.trim())
  }
  // The output contains file names of the project. It must not be read as commands.
  const token = require('node:crypto').randomBytes(16).toString('hex')
  command('stop-commands', token)
  const run = childProcess.spawnSync(file, [...args, folder], { stdio: ['ignore', 'inherit', 'inherit'], cwd: process.cwd() })
  process.stdout.write(`\n::${token}::\n`)
  if (run.error) throw new FeatherpackError(`cannot run ${file}: ${run.error.message}`)
  const status = run.status === null ? 2 : run.status
  process.stdout.write(written(at('annotations.txt')))
  append('GITHUB_STEP_SUMMARY', written(at('summary.md')))
  if (status > 1) command('error', `featherpack check failed with exit status ${status}; the log says why`)
  const report = fs.existsSync(at('comment.md'))
  append('GITHUB_OUTPUT', `status=${status}\nfolder=${reports}\nreport=${report}\nchanged=${changed(written(at('report.json')))}\n`)
}

try {
  check()
} catch (error) {
  command('error', error instanceof FeatherpackError ? error.message : error.stack)
  process.exitCode = 2
}
