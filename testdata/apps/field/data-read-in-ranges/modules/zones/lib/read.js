const fs = require('fs'), path = require('path')
const FILE = path.join(__dirname, '..', 'data', 'geo.dat')
exports.readRange = (start, length) => {
  const fd = fs.openSync(FILE, 'r'), buffer = Buffer.alloc(length)
  fs.readSync(fd, buffer, 0, length, start)
  fs.closeSync(fd)
  return buffer.toString()
}
