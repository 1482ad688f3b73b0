#!/usr/bin/env node
'use strict'
// Runs the binary of this platform as if it had been started itself: the same
// streams, signals and exit status. It never looks on the search path, where it
// would find itself.
const { spawn } = require('node:child_process')

// A command line that could not do it.
const FAILED = 2

function fail(fact, remedy) {
  console.error(`featherpack: ${fact}\n  hint: ${remedy}`)
  process.exit(FAILED)
}

function binary() {
  if (process.env.FEATHERPACK_BINARY) return process.env.FEATHERPACK_BINARY
  const platform = `${process.platform}-${process.arch}`
  const carrier = `@featherpack/${platform}`
  if (!(carrier in require('./package.json').optionalDependencies)) {
    fail(`there is no binary for ${platform}`, 'build one with go install github.com/featherpack/featherpack/cmd/featherpack, and name it with FEATHERPACK_BINARY')
  }
  try {
    return require.resolve(`${carrier}/bin/featherpack${process.platform === 'win32' ? '.exe' : ''}`)
  } catch {
    fail(
      `${carrier} is not installed, the package that holds the binary for this platform`,
      'npm leaves it out with --omit=optional, or where node_modules or the lockfile came from another platform; npm install --include=optional brings it',
    )
  }
}

const file = binary()
// Before the binary is started: a signal that came in between would end this
// process alone, and leave the binary behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const child = spawn(file, process.argv.slice(2), { stdio: 'inherit', windowsHide: true })
child.on('error', (error) => fail(`cannot run ${file}: ${error.message}`, 'install featherpack again, or correct FEATHERPACK_BINARY'))
child.on('exit', (status, signal) => {
  if (signal === null) process.exit(status)
  // What ended the binary ends this process, so that a shell sees the same.
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
