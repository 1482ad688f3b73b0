// One package by import and by require: two builds, each with its own state, and
// conditions that hold for one way only.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import Counter, { build, feature } from 'local-dual'
import { name } from 'local-dual/features/name'

const require = createRequire(import.meta.url)
const required = require('local-dual')

export const handler = async ({ visible, hidden }) => ({
  imported: { build, feature, name, count: new Counter().count },
  required: { build: required.build, feature: required.feature, name: require('local-dual/features/name').name, count: new required.default().count },
  apart: Counter !== required.default,
  note: readFileSync(require.resolve('local-dual/note'), 'utf8').trim(),
  computed: (await import(`local-dual/features/${visible}`)).name,
  hidden: await import(`local-dual/features/${hidden}`).then(() => 'seen', () => 'refused')
})
