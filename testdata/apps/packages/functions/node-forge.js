'use strict'
const forge = require('node-forge')

exports.handler = async ({ text, password }) => {
  const key = forge.pkcs5.pbkdf2(password, 'salt', 100, 16)
  const cipher = forge.cipher.createCipher('AES-GCM', key)
  cipher.start({ iv: 'twelve bytes' })
  cipher.update(forge.util.createBuffer(text, 'utf8'))
  cipher.finish()
  const prng = forge.random.createInstance()
  prng.seedFileSync = (n) => 's'.repeat(n)
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair({ bits: 512, prng, algorithm: 'PRIMEINC' })
  const md = forge.md.sha256.create().update(text, 'utf8')
  return {
    key: forge.util.bytesToHex(key), sealed: cipher.output.toHex(), tag: cipher.mode.tag.toHex(),
    verified: publicKey.verify(md.digest().bytes(), privateKey.sign(md)), pem: forge.pki.publicKeyToPem(publicKey).split('\r\n')[0]
  }
}
