'use strict'
// The file is its own worker.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const shout = require('./sub/shout')

if (!isMainThread) parentPort.postMessage(shout(workerData))

exports.handler = async ({ word }) => new Promise((resolve, reject) => {
  new Worker(__filename, { workerData: word }).on('message', (answer) => resolve({ isMainThread, answer })).on('error', reject)
})
