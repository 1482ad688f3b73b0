import { Worker } from 'node:worker_threads'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
const ask = (worker: Worker) => new Promise(done => worker.once('message', done))
const url = new URL('./path/to/worker.ts', import.meta.url)
const here = path.dirname(fileURLToPath(import.meta.url))
export const handler = async () => [await ask(new Worker(url)), await ask(new Worker(path.join(here, 'path/to/worker.ts')))]
