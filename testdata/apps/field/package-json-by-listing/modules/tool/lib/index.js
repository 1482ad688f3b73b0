const info = require('pkginfo')(module, { include: ['version'] })
exports.info = info.version
