const path = require('path')
const { Worker } = require('worker_threads')
exports.double = n => new Promise((resolve, reject) => {
  const worker = new Worker(path.join(__dirname, 'worker.js'), { workerData: n })
  worker.on('message', resolve).on('error', reject)
})
