import { parentPort } from 'node:worker_threads'
import { text } from './parts/text'
if (parentPort) parentPort.postMessage(text)
else process.send!(text)
