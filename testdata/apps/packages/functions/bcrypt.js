'use strict'
// bcrypt's prebuilt addons are in its own folder, chosen by node-gyp-build.
const bcrypt = require('bcrypt')

exports.handler = async ({ password, salt }) => {
  const hash = await bcrypt.hash(password, salt)
  return { hash, right: await bcrypt.compare(password, hash), wrong: bcrypt.compareSync(password + '!', hash), rounds: bcrypt.getRounds(hash) }
}
