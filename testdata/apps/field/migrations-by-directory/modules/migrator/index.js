const fs = require('fs'), path = require('path')
module.exports = ({ migrations: m }) => ({
  async latest () {
    const done = []
    for (const f of fs.readdirSync(m.directory).sort().filter(f => m.loadExtensions.includes(path.extname(f)))) {
      const migration = require(path.join(m.directory, f))
      if (typeof migration.up !== 'function') throw new Error(f + ' is no migration')
      done.push(await migration.up())
    }
    return done
  }
})
