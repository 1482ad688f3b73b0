import { Worker } from 'node:worker_threads'
export const run = n => new Promise((done, fail) => {
  const worker = new Worker(new URL('./threaded-worker.js', import.meta.url), { workerData: n })
  worker.on('message', done).on('error', fail)
})
