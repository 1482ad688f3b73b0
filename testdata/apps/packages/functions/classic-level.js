'use strict'
// A database whose addon is found by node-gyp-build among the package's prebuilt ones.
const { mkdtempSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { ClassicLevel } = require('classic-level')

exports.handler = async ({ entries }) => {
  const db = new ClassicLevel(mkdtempSync(path.join(tmpdir(), 'level-')), { valueEncoding: 'json' })
  await db.batch(entries.map(([key, value]) => ({ type: 'put', key, value })))
  const range = await db.iterator({ gte: 'b', reverse: true }).all()
  const missing = await db.get('none')
  await db.close()
  return { range, missing: missing ?? null, status: db.status }
}
