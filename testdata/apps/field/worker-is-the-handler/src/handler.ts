import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { shout } from 'words'
const ask = (worker: Worker) => new Promise((ok, no) => worker.once('message', ok).once('error', no))
if (!isMainThread) parentPort!.postMessage(shout(workerData))
export const handler = async (event: { text: string }) => ({ text: await ask(new Worker(__filename, { workerData: event.text })) })
