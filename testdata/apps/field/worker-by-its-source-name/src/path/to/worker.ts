import { parentPort } from 'node:worker_threads'
import { some } from './functions'
parentPort?.postMessage(some(1 as number))
