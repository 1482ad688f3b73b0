import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { fork, spawnSync } from 'node:child_process'
import { shout } from 'words'
if (!isMainThread) parentPort!.postMessage(shout(workerData))
else if (process.send) process.once('message', text => { process.send!(shout(text as string)); process.disconnect() })
else if (process.argv[2] === 'shout') process.stdout.write(shout(process.argv[3]))
export const inThread = (text: string) => new Promise(ok => new Worker(__filename, { workerData: text }).once('message', ok))
export const inChild = (text: string) => new Promise(ok => { const child = fork(__filename); child.once('message', ok); child.send(text) })
export const inProcess = (text: string) => spawnSync(process.execPath, [__filename, 'shout', text], { encoding: 'utf8' }).stdout
