// libsodium is wasm inside JavaScript, ready after a promise that is awaited on load.
import sodium from 'libsodium-wrappers'

await sodium.ready

export const handler = async ({ message, seed }) => {
  const pair = sodium.crypto_sign_seed_keypair(sodium.from_hex(seed))
  const signature = sodium.crypto_sign_detached(message, pair.privateKey)
  return {
    signature: sodium.to_hex(signature), verified: sodium.crypto_sign_verify_detached(signature, message, pair.publicKey),
    forged: sodium.crypto_sign_verify_detached(signature, message + '!', pair.publicKey), hash: sodium.crypto_generichash(16, message, null, 'hex')
  }
}
