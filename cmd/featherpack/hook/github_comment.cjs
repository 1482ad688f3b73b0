// Keeps one comment on a pull request up to date. It runs on pull_request, for
// branches of the repository itself, and on workflow_run, for forks: there the
// text is anybody's, and so nothing of it is believed, run or put into a command.
// It has no dependencies and needs Node 18 or later.
const fs = require('node:fs')

/** A failure that is told as it stands. */
class Told extends Error {}

/** A failure that may pass by itself. */
class Passing extends Error {
  constructor(message, wait) {
    super(message)
    this.wait = wait
  }
}

/** Ends the run well, with nothing posted and the reason told. */
class Nothing extends Error {}

// A comment of GitHub's holds 65,536 characters, and a report at most 60,000.
const MAX_BYTES = 1 << 18
const MAX_CHARACTERS = 60000
const MAX_PAGES = 100
const PER_PAGE = 100

function tell(level, text) {
  const data = String(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
  process.stdout.write(`::${level} title=featherpack::${data}\n`)
}

/** The hidden first line by which the comment is found again. */
function marker() {
  const key = (process.env.FEATHERPACK_KEY || '').replace(/[^0-9A-Za-z_.-]/g, '').replace(/-{2,}/g, '-').replace(/^-+|-+$/g, '')
  return `<!-- featherpack:${key || 'default'} -->`
}

/** Reads a text that may be anything: a link, a device, a flood. */
function readText(file) {
  let descriptor
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0) | (fs.constants.O_NONBLOCK || 0))
  } catch (error) {
    if (error.code === 'ENOENT') throw new Nothing('the run left no report, so there is nothing to post; its log says why')
    if (error.code === 'ELOOP') throw new Told('the report is a link, and is not read')
    throw new Told(`the report cannot be read: ${error.code}`)
  }
  try {
    const stat = fs.fstatSync(descriptor)
    const { size } = stat
    if (!stat.isFile()) throw new Told('the report is no regular file, and is not read')
    if (size > MAX_BYTES) throw new Told(`the report has ${size} bytes, and no report of featherpack has more than ${MAX_BYTES}; it is not posted`)
    const bytes = Buffer.alloc(size)
    let at = 0
    for (let n = 1; n > 0 && at < size; at += n) n = fs.readSync(descriptor, bytes, at, size - at, at)
    return bytes.subarray(0, at).toString('utf8')
  } finally {
    fs.closeSync(descriptor)
  }
}

/**
 * Takes the life out of a text from a fork. What a report consists of (tables,
 * code, lists, folded parts) stays; an invisible blank keeps everything else
 * from being markup: tags, mentions, links, pictures and references. It does not
 * ask what is code and what is not, since it and GitHub could disagree on that.
 */
function lifeless(text) {
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

/** The comment's text: our marker, what must be said of it, and the report. */
function bodyOf(text, trusted) {
  let report = text.replace(/\r\n?/g, '\n').replace(/<!--\s*featherpack:[^\n]*?-->[ \t]*\n?/g, '').trim()
  if (report === '') throw new Told('the report is empty, and is not posted')
  const head = [marker()]
  if (!trusted) {
    report = lifeless(report)
    head.push('*From a fork: its own run wrote this, and could write anything.*', '')
  }
  if (report.length > MAX_CHARACTERS) {
    report = report.slice(0, report.lastIndexOf('\n', MAX_CHARACTERS) + 1 || MAX_CHARACTERS)
    report = report.replace(/[\ud800-\udbff]$/, '').trimEnd()
    head.push('**Cut to fit.** The whole is in the artifact of the run.', '')
  }
  return [...head, report].join('\n') + '\n'
}

/** Asks GitHub; what may pass by itself is told apart from what does not. */
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
    throw new Passing(`GitHub does not answer ${method} ${path}: ${(error.cause && error.cause.code) || error.name}`)
  }
  let answer = {}
  try {
    answer = JSON.parse(text)
  } catch {
    // A proxy's page, say; the status tells what is to be told.
  }
  if (response.ok) return answer
  const said = `GitHub answered ${response.status} to ${method} ${path}` + (answer.message ? `: ${String(answer.message).slice(0, 200)}` : '')
  const wait = Number(response.headers.get('retry-after'))
  if (response.status >= 500 || response.status === 429 || wait > 0 || response.headers.get('x-ratelimit-remaining') === '0') {
    throw new Passing(said, wait)
  }
  const why = {
    401: 'the token is not known; leave the input token to its default, or check the secret',
    403: 'give the job "permissions: pull-requests: write"; tokens of runs that Dependabot starts may only read',
    404: 'give the job "permissions: pull-requests: write"; GitHub hides what a token may not see',
    422: 'the text is not one that GitHub takes',
  }[response.status]
  throw new Told(said + (why ? `; ${why}` : ''))
}

/** All elements of a list that comes in pages. */
async function* pages(path) {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const list = await api('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}&page=${page}`)
    if (!Array.isArray(list)) throw new Told(`GitHub answered GET ${path} with no list`)
    yield* list
    if (list.length < PER_PAGE) return
  }
}

/** Creates the comment or brings it up to date, and says which. */
async function place(repository, number, body) {
  const author = process.env.FEATHERPACK_AUTHOR || 'github-actions[bot]'
  for await (const comment of pages(`/repos/${repository}/issues/${number}/comments`)) {
    // Anybody may write our marker, but not under our name.
    if (!comment.user || comment.user.login !== author) continue
    const there = String(comment.body || '').replace(/\r\n?/g, '\n')
    if (!there.startsWith(marker() + '\n')) continue
    if (there.trim() === body.trim()) return 'the comment says so already'
    await api('PATCH', `/repos/${repository}/issues/comments/${whole(comment.id)}`, { body })
    return 'the comment is up to date'
  }
  if (process.env.FEATHERPACK_CHANGED === 'false') return 'nothing changed, so no comment was made'
  await api('POST', `/repos/${repository}/issues/${number}/comments`, { body })
  return 'a comment was made'
}

function whole(number) {
  if (!Number.isSafeInteger(number) || number <= 0) throw new Told('GitHub gave a number that is none')
  return number
}

/** The pull request that a fork's run was for, by what GitHub knows of the run. */
async function pullRequestOf(event, repository) {
  const run = event.workflow_run
  const fork = run.head_repository
  if (!fork) throw new Nothing('the fork is gone, so nothing is posted')
  if (fork.id === event.repository.id) throw new Nothing('the run was for a branch of this repository, and comments by itself')
  const head = encodeURIComponent(`${fork.owner.login}:${run.head_branch}`)
  const found = []
  for await (const pull of pages(`/repos/${repository}/pulls?state=open&head=${head}`)) {
    // GitHub leaves out a filter that it does not understand.
    if (pull.head.sha === run.head_sha && pull.head.ref === run.head_branch && pull.head.repo && pull.head.repo.id === fork.id) found.push(whole(pull.number))
  }
  if (found.length === 0) throw new Nothing(`no open pull request has ${String(run.head_sha).slice(0, 12)} at its head any more, so nothing is posted`)
  if (found.length > 1) throw new Nothing(`several pull requests have ${String(run.head_sha).slice(0, 12)} at their head, and the run does not say which it was for; nothing is posted`)
  return found[0]
}

/** Tries again, with the comment looked up anew, what may pass by itself. */
async function patiently(act) {
  for (let wait = 500; ; wait *= 2) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Passing)) throw error
      if (wait > 2000 || error.wait > 60) throw new Told(`${error.message}; it was tried ${Math.log2(wait / 500) + 1} times. Run the job again`)
      await new Promise((done) => setTimeout(done, Math.max(wait, 1000 * (error.wait || 0))))
    }
  }
}

async function comment() {
  const event = JSON.parse(fs.readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))
  const repository = event.repository.full_name
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Told('the event names no repository')
  const pull = event.pull_request
  let number
  if (event.workflow_run) {
    if (event.workflow_run.event !== 'pull_request') throw new Nothing('the run was for no pull request, so nothing is posted')
  } else if (!pull) {
    throw new Nothing('this run is for no pull request, so there is nowhere to comment')
  } else if (!pull.head.repo || pull.head.repo.id !== event.repository.id) {
    throw new Nothing('this pull request is from a fork, whose token may not comment; featherpack-comment.yml posts for those')
  } else {
    number = whole(pull.number)
  }
  if (!process.env.FEATHERPACK_TOKEN) throw new Told('there is no token to comment with; give one as FEATHERPACK_TOKEN')
  const body = bodyOf(readText(process.env.FEATHERPACK_MARKDOWN), Boolean(pull))
  const done = await patiently(async () => place(repository, number || (await pullRequestOf(event, repository)), body))
  process.stdout.write(`featherpack: ${done}\n`)
}

comment().catch((error) => {
  if (error instanceof Nothing) return tell('notice', error.message)
  tell('error', error instanceof Told ? error.message : error.stack)
  process.exitCode = 1
})
