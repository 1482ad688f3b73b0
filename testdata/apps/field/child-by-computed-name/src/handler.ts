import { fork, execFileSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import path from 'node:path'
const said = (started: { once (name: string, f: (value: unknown) => void): unknown }) => new Promise(ok => started.once('message', ok))
export const handler = async (event: { job: string }) => [
  await said(fork(path.join(__dirname, 'jobs', `${event.job}.js`))),
  await said(new Worker(path.join(__dirname, 'jobs', event.job + '.js'))),
  execFileSync(process.execPath, [path.resolve(__dirname, 'tools', `${event.job}-cli.js`)], { encoding: 'utf8' })
]
