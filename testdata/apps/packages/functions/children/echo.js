'use strict'
const shout = require('../sub/shout')

process.once('message', (word) => {
  process.send(process.argv.includes('--loud') ? shout(word) : word, () => process.exit(3))
})
