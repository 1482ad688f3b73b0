import { Worker } from 'node:worker_threads'
import { once } from 'node:events'

export const handler = async ({ numbers }) => {
  const worker = new Worker(new URL('./workers/sum.mjs', import.meta.url), { workerData: numbers })
  const [answer] = await once(worker, 'message')
  await worker.terminate()
  return answer
}
