#!/usr/bin/env node
'use strict'
// Runs this platform's binary with the same streams, signals and exit status. It does not
// search the PATH, where it would find itself.
const { spawn } = require('node:child_process')

// The exit status for a run that failed.
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
    fail(`there is no binary for ${platform}`, 'build one with go install github.com/featherpack/featherpack/cmd/featherpack, and set FEATHERPACK_BINARY')
  }
  try {
    return require.resolve(`${carrier}/bin/featherpack${process.platform === 'win32' ? '.exe' : ''}`)
  } catch {
    fail(
      `${carrier} (the binary for this platform) is not installed`,
      'run npm install --include=optional; npm skips the package with --omit=optional, or if node_modules or the lockfile is from another platform',
    )
  }
}

const file = binary()
// Install the handlers before starting the binary. Otherwise a signal in between would end
// this process and leave the binary running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const child = spawn(file, process.argv.slice(2), { stdio: 'inherit', windowsHide: true })
child.on('error', (error) => fail(`cannot run ${file}: ${error.message}`, 'reinstall featherpack, or correct FEATHERPACK_BINARY'))
child.on('exit', (status, signal) => {
  if (signal === null) process.exit(status)
  // End this process by the same signal, so that a shell sees the same status.
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
