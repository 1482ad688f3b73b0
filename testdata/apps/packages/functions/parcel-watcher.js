'use strict'
const { mkdtempSync, writeFileSync, realpathSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const watcher = require('@parcel/watcher')

exports.handler = async ({ names }) => {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'watch-')))
  const snapshot = path.join(mkdtempSync(path.join(tmpdir(), 'snapshot-')), 's')
  await watcher.writeSnapshot(dir, snapshot)
  for (const name of names) writeFileSync(path.join(dir, name), name)
  const events = await watcher.getEventsSince(dir, snapshot)
  return events.map(({ type, path: p }) => `${type} ${path.relative(dir, p)}`).sort()
}
