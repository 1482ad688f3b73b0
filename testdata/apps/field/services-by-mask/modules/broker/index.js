const fs = require('fs'), path = require('path')
exports.ServiceBroker = class {
  services = {}
  loadServices (dir, mask) {
    const files = fs.readdirSync(dir).filter(f => f.endsWith(mask.slice(1)))
    for (const f of files) { const s = require(path.join(dir, f)); this.services[(s.default ?? s).name] = s.default ?? s }
    return files.length
  }
  async call (what, n) { const [service, action] = what.split('.'); return this.services[service].actions[action](n) }
}
