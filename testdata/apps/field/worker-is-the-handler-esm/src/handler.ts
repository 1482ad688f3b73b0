import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { shout } from 'words'
const ask = (worker: Worker) => new Promise((ok, no) => worker.once('message', ok).once('error', no))
if (!isMainThread) parentPort!.postMessage(shout(workerData))
const started = [new URL(import.meta.url), fileURLToPath(import.meta.url), import.meta.filename]
export const handler = async (event: { text: string }) =>
  Promise.all(started.map(file => ask(new Worker(file, { workerData: event.text }))))
