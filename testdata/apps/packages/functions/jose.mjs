// jose is ESM only; its keys are imported while the module loads.
import { SignJWT, calculateJwkThumbprint, compactDecrypt, CompactEncrypt, importJWK, jwtVerify } from 'jose'

const jwk = { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' }
const key = await importJWK(jwk, 'HS512')

export const handler = async ({ subject, at }) => {
  const token = await new SignJWT({ role: 'admin' }).setProtectedHeader({ alg: 'HS512' }).setSubject(subject).setIssuedAt(at).sign(key)
  const { payload } = await jwtVerify(token, key)
  const forged = await jwtVerify(token.slice(0, -2) + 'AA', key).catch((e) => e.code)
  const secret = Buffer.alloc(32, 7)
  const jwe = await new CompactEncrypt(Buffer.from(subject)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(secret)
  const { plaintext } = await compactDecrypt(jwe, secret)
  return { token, payload, forged, plaintext: Buffer.from(plaintext).toString(), thumbprint: await calculateJwkThumbprint(jwk) }
}
