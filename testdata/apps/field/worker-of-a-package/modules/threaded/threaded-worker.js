import { parentPort, workerData } from 'node:worker_threads'
import { twice } from './twice.js'
parentPort.postMessage(twice(workerData))
