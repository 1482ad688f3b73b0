import { errors, importJWK, jwtVerify } from 'jose'
import issuer from '../domain/issuer.json' with { type: 'json' }

// Imported once, while the function starts and the processor is free.
const keys = new Map(await Promise.all(issuer.keys.map(async (key) => [key.kid, await importJWK(key, key.alg)])))

/** Authorizes customers at the HTTP API by the session token in their cookie. */
export async function handler({ cookies = [], requestContext }) {
  const token = cookies.find((cookie) => cookie.startsWith('session='))?.slice('session='.length)
  if (!token) return { isAuthorized: false, context: { reason: 'no session' } }
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keys.get(kid) ?? refuse(kid), {
      issuer: issuer.issuer,
      audience: 'orders.shop.example',
      algorithms: ['EdDSA'],
      currentDate: new Date(requestContext.timeEpoch),
    })
    return { isAuthorized: true, context: { customerId: payload.sub, scope: payload.scope } }
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    return { isAuthorized: false, context: { reason: error.code } }
  }
}

function refuse(kid) {
  throw new errors.JWKSNoMatchingKey(`no key ${kid}`)
}
