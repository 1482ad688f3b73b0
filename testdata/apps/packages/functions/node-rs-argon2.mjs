import { Algorithm, hash, hashRaw, verify } from '@node-rs/argon2'

export const handler = async ({ password, salt }) => {
  const options = { salt: Buffer.from(salt, 'hex'), algorithm: Algorithm.Argon2i, memoryCost: 4096, timeCost: 3 }
  const encoded = await hash(password, options)
  return { encoded, raw: (await hashRaw(password, options)).toString('hex'), right: await verify(encoded, password), wrong: await verify(encoded, 'guess') }
}
