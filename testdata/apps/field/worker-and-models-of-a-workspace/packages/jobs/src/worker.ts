import { parentPort, workerData } from 'node:worker_threads'
import { limit } from '@acme/models/limit'
parentPort!.postMessage((workerData as number) + limit)
