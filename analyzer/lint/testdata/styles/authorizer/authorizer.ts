// A token authorizer. Handler: handler
import jwt from 'jsonwebtoken'
import jwksClient from 'jwks-rsa'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { CognitoJwtVerifier } from 'aws-jwt-verify'

const kept = jwksClient({ jwksUri: 'https://example.com/.well-known/jwks.json', cache: true })
const keys = createRemoteJWKSet(new URL('https://example.com/.well-known/jwks.json'))
const verifier = CognitoJwtVerifier.create({ userPoolId: 'eu_1', tokenUse: 'access', clientId: 'x' })

export const handler = async (event: { authorizationToken: string, methodArn: string }) => {
  const client = jwksClient({ jwksUri: 'https://example.com/.well-known/jwks.json' }) // advice: client-in-handler
  const remote = createRemoteJWKSet(new URL('https://example.com/keys')) // advice: client-in-handler
  const perTenant = createRemoteJWKSet(new URL(event.methodArn))
  await verifier.verify(event.authorizationToken)
  await jwtVerify(event.authorizationToken, keys)
  await jwtVerify(event.authorizationToken, remote)
  await jwtVerify(event.authorizationToken, perTenant)
  const key = await client.getSigningKey('1')
  const same = await kept.getSigningKey('1')
  return { principalId: jwt.verify(event.authorizationToken, key.getPublicKey()), same }
}
