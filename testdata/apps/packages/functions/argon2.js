'use strict'
// argon2 finds its addon with node-gyp-build and names the folder by the libc.
const argon2 = require('argon2')

exports.handler = async ({ password, salt }) => {
  const options = { salt: Buffer.from(salt, 'hex'), memoryCost: 4096, timeCost: 2, parallelism: 1 }
  const hash = await argon2.hash(password, options)
  return { hash, right: await argon2.verify(hash, password), wrong: await argon2.verify(hash, 'guess'), rehash: argon2.needsRehash(hash, { timeCost: 3 }) }
}
