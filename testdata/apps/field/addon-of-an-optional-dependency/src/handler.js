const checksum = require('checksum')
exports.handler = async () => ({ sum: checksum.of([1, 2, 3]), by: checksum.by })
