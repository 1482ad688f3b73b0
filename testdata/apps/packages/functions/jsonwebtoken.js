'use strict'
const jwt = require('jsonwebtoken')

exports.handler = async ({ claims, secret, now }) => {
  const token = jwt.sign({ ...claims, iat: now }, secret, { algorithm: 'HS384', expiresIn: '2h', issuer: 'featherpack' })
  const check = (options) => { try { return jwt.verify(token, secret, { clockTimestamp: now, ...options }) } catch (e) { return `${e.name}: ${e.message}` } }
  return { token, good: check({}), late: check({ clockTimestamp: now + 7201 }), stranger: check({ issuer: 'someone' }) }
}
