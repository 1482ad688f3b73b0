import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { round } from '../sub/round.mjs'

parentPort.postMessage({ isMainThread, sum: round(workerData.reduce((a, b) => a + b)) })
