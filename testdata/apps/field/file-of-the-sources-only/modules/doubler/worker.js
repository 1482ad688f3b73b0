const { parentPort, workerData } = require('worker_threads')
function developing() { return require('doubler/src/checks') }
if (workerData < 0) developing()
parentPort.postMessage(workerData * 2)
