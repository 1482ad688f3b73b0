'use strict'
// Signs with a key made on the spot, so that none has to be kept here.
const { generateKeyPairSync, createVerify, createHash } = require('node:crypto')
const { Storage } = require('@google-cloud/storage')

exports.handler = async ({ bucket, file, minutes }) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  const storage = new Storage({ projectId: 'p', credentials: { client_email: 'app@p.iam.example.com', private_key: privateKey } })
  const from = new Date()
  const [signed] = await storage.bucket(bucket).file(file).getSignedUrl({ version: 'v4', action: 'read', accessibleAt: from, expires: from.getTime() + minutes * 60e3 })
  const url = new URL(signed)
  const signature = url.searchParams.get('X-Goog-Signature')
  url.searchParams.delete('X-Goog-Signature')
  const query = [...url.searchParams].map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(v)}`).sort().join('&')
  const request = ['GET', url.pathname, query, `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const date = url.searchParams.get('X-Goog-Date')
  const text = ['GOOG4-RSA-SHA256', date, `${date.slice(0, 8)}/auto/storage/goog4_request`, createHash('sha256').update(request).digest('hex')].join('\n')
  return { path: url.pathname, expires: url.searchParams.get('X-Goog-Expires'), verified: createVerify('RSA-SHA256').update(text).verify(publicKey, signature, 'hex') }
}
