// Keeps one comment on a pull request up to date. It runs on pull_request for branches of the
// repository itself, and on workflow_run for forks. A fork's text is untrusted: it is never
// executed or used in a command. This script has no dependencies and needs Node 18 or later.
const fs = require('node:fs')

/** An error to show to the user without a stack trace. */
class Failure extends Error {}

/** A temporary error, which is worth a retry. */
class TemporaryFailure extends Error {
  constructor(message, wait) {
    super(message)
    this.wait = wait
  }
}

/** Ends the run successfully without posting, and gives the reason. */
class Skipped extends Error {}

// A GitHub comment can have 65,536 characters. The report in it has at most 60,000.
const MAX_BYTES = 1 << 18
const MAX_CHARACTERS = 60000
const MAX_PAGES = 100
const PER_PAGE = 100

function annotate(level, text) {
  const data = String(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
  process.stdout.write(`::${level} title=featherpack::${data}\n`)
}

/** The hidden first line that identifies the comment. */
function marker() {
  const key = (process.env.FEATHERPACK_KEY || '').replace(/[^0-9A-Za-z_.-]/g, '').replace(/-{2,}/g, '-').replace(/^-+|-+$/g, '')
  return `<!-- featherpack:${key || 'default'} -->`
}

/** Reads an untrusted file, which could be a symlink, a device or huge. */
function readText(file) {
  let descriptor
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0) | (fs.constants.O_NONBLOCK || 0))
  } catch (error) {
    if (error.code === 'ENOENT') throw new Skipped('the run wrote no report, so there is nothing to post; its log says why')
    if (error.code === 'ELOOP') throw new Failure('the report is a symlink; it is not read')
    throw new Failure(`the report cannot be read: ${error.code}`)
  }
  try {
    const stat = fs.fstatSync(descriptor)
    const { size } = stat
    if (!stat.isFile()) throw new Failure('the report is not a regular file; it is not read')
    if (size > MAX_BYTES) throw new Failure(`the report has ${size} bytes, more than the limit of ${MAX_BYTES}; it is not posted`)
    const bytes = Buffer.alloc(size)
    let at = 0
    for (let n = 1; n > 0 && at < size; at += n) n = fs.readSync(descriptor, bytes, at, size - at, at)
    return bytes.subarray(0, at).toString('utf8')
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * Disables active markup in a fork's text: tags, mentions, links, images and references. It
 * inserts zero-width spaces, and keeps what reports consist of: tables, code, lists and folded
 * parts. Code is treated the same, because GitHub could disagree on what is code.
 */
function withoutMarkup(text) {
  const blank = '\u200b'
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/<(?!\/?(details|summary)>)/g, '<' + blank)
    .replace(/&/g, '&' + blank)
    .replace(/@/g, '@' + blank)
    .replace(/:\/\//g, ':' + blank + '//')
    .replace(/www\./gi, (found) => found.slice(0, 3) + blank + '.')
    .replace(/\]([([:])/g, ']' + blank + '$1')
    .replace(/#(?=\d)/g, '#' + blank)
    .replace(/\bGH-(?=\d)/gi, (found) => found + blank)
}

/** Returns the comment's text: the marker, remarks, and the report. */
function bodyOf(text, trusted) {
  let report = text.replace(/\r\n?/g, '\n').replace(/<!--\s*featherpack:[^\n]*?-->[ \t]*\n?/g, '').trim()
  if (report === '') throw new Failure('the report is empty; it is not posted')
  const head = [marker()]
  if (!trusted) {
    report = withoutMarkup(report)
    head.push('*From a fork: its own run wrote this text, so do not trust it.*', '')
  }
  if (report.length > MAX_CHARACTERS) {
    report = report.slice(0, report.lastIndexOf('\n', MAX_CHARACTERS) + 1 || MAX_CHARACTERS)
    report = report.replace(/[\ud800-\udbff]$/, '').trimEnd()
    head.push('**Shortened to fit.** The full report is in the artifact of the run.', '')
  }
  return [...head, report].join('\n') + '\n'
}

/** Calls GitHub's API. Temporary errors have a class of their own. */
async function api(method, path, content) {
  const base = (process.env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, '')
  let response, text
  try {
    response = await fetch(base + path, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${process.env.FEATHERPACK_TOKEN}`,
        'content-type': 'application/json',
        'user-agent': 'featherpack',
        'x-github-api-version': '2022-11-28',
      },
      body: content && JSON.stringify(content),
      redirect: 'error',
      signal: AbortSignal.timeout(30000),
    })
    text = await response.text()
  } catch (error) {
    throw new TemporaryFailure(`GitHub does not answer ${method} ${path}: ${(error.cause && error.cause.code) || error.name}`)
  }
  let answer = {}
  try {
    answer = JSON.parse(text)
  } catch {
    // Not JSON, for example a proxy's page: the status determines the message.
  }
  if (response.ok) return answer
  const said = `GitHub answered ${response.status} to ${method} ${path}` + (answer.message ? `: ${String(answer.message).slice(0, 200)}` : '')
  const wait = Number(response.headers.get('retry-after'))
  if (response.status >= 500 || response.status === 429 || wait > 0 || response.headers.get('x-ratelimit-remaining') === '0') {
    throw new TemporaryFailure(said, wait)
  }
  const why = {
    401: 'the token is invalid; leave the token input at its default, or check the secret',
    403: 'give the job "permissions: pull-requests: write"; tokens of runs that Dependabot starts are read-only',
    404: 'give the job "permissions: pull-requests: write"; GitHub hides what a token cannot access',
    422: 'GitHub does not accept the text',
  }[response.status]
  throw new Failure(said + (why ? `; ${why}` : ''))
}

/** Yields all elements of a paginated list. */
async function* pages(path) {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const list = await api('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`)
    if (!Array.isArray(list)) throw new Failure(`GitHub answered GET ${path} without a list`)
    yield* list
    if (list.length < PER_PAGE) return
  }
}

/** Creates or updates the comment, and returns what was done. */
async function post(repository, number, body) {
  const author = process.env.FEATHERPACK_AUTHOR || 'github-actions[bot]'
  for await (const comment of pages(`/repos/${repository}/issues/${number}/comments`)) {
    // Anyone can write the marker, but only this author is trusted.
    if (!comment.user || comment.user.login !== author) continue
    const there = String(comment.body || '').replace(/\r\n?/g, '\n')
    if (!there.startsWith(marker() + '\n')) continue
    if (there.trim() === body.trim()) return 'the comment is unchanged'
    await api('PATCH', `/repos/${repository}/issues/comments/${whole(comment.id)}`, { body })
    return 'the comment was updated'
  }
  if (process.env.FEATHERPACK_CHANGED === 'false') return 'nothing changed, so no comment was created'
  await api('POST', `/repos/${repository}/issues/${number}/comments`, { body })
  return 'a comment was created'
}

function whole(number) {
  if (!Number.isSafeInteger(number) || number <= 0) throw new Failure('GitHub returned an invalid number')
  return number
}

/** Finds the pull request of a fork's run from GitHub's data, not from the artifact. */
async function pullRequestOf(event, repository) {
  const run = event.workflow_run
  const fork = run.head_repository
  if (!fork) throw new Skipped('the fork was deleted, so nothing is posted')
  if (fork.id === event.repository.id) throw new Skipped('the run was for a branch of this repository, which posts its own comment')
  const head = encodeURIComponent(`${fork.owner.login}:${run.head_branch}`)
  const found = []
  for await (const pull of pages(`/repos/${repository}/pulls?state=open&head=${head}`)) {
    // GitHub ignores a filter that it does not understand, so check again.
    if (pull.head.sha === run.head_sha && pull.head.ref === run.head_branch && pull.head.repo && pull.head.repo.id === fork.id) found.push(whole(pull.number))
  }
  if (found.length === 0) throw new Skipped(`no open pull request has ${String(run.head_sha).slice(0, 12)} at its head, so nothing is posted`)
  if (found.length > 1) throw new Skipped(`several pull requests have ${String(run.head_sha).slice(0, 12)} at their head, and the run does not say which it was for; nothing is posted`)
  return found[0]
}

/** Retries after temporary errors. Each attempt looks for the comment again. */
async function withRetries(act) {
  for (let wait = 500; ; wait *= 2) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof TemporaryFailure)) throw error
      if (wait > 2000 || error.wait > 60) throw new Failure(`${error.message}; it was tried ${Math.log2(wait / 500) + 1} times; run the job again`)
      await new Promise((done) => setTimeout(done, Math.max(wait, 1000 * (error.wait || 0))))
    }
  }
}

async function comment() {
  const event = JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))
  const repository = event.repository.full_name
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Failure('the event names no repository')
  const pull = event.pull_request
  let number
  if (event.workflow_run) {
    if (event.workflow_run.event !== 'pull_request') throw new Skipped('the run was not for a pull request, so nothing is posted')
  } else if (!pull) {
    throw new Skipped('this run is not for a pull request, so no comment is posted')
  } else if (!pull.head.repo || pull.head.repo.id !== event.repository.id) {
    throw new Skipped('this pull request is from a fork, whose token may not comment; featherpack-comment.yml posts for those')
  } else {
    number = whole(pull.number)
  }
  if (!process.env.FEATHERPACK_TOKEN) throw new Failure('there is no token to comment with; set FEATHERPACK_TOKEN')
  const body = bodyOf(readText(process.env.FEATHERPACK_MARKDOWN), Boolean(pull))
  const done = await withRetries(async () => post(repository, number || (await pullRequestOf(event, repository)), body))
  process.stdout.write(`featherpack: ${done}\n`)
}

comment().catch((error) => {
  if (error instanceof Skipped) return annotate('notice', error.message)
  annotate('error', error instanceof Failure ? error.message : error.stack)
  process.exitCode = 1
})
