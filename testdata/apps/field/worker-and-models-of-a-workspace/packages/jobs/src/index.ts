import { Worker } from 'node:worker_threads'
import { join } from 'node:path'
export const start = (n: number) => new Promise<number>((resolve, reject) => {
  new Worker(join(__dirname, 'worker.js'), { workerData: n }).on('message', resolve).on('error', reject)
})
