// Handler: handler
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';

const issuer = process.env.ISSUER!;
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
export const handler = async (event: APIGatewayRequestAuthorizerEventV2) => {
  try {
    const { payload } = await jwtVerify(event.headers!.authorization!.replace(/^Bearer /, ''), keys, { issuer, audience: process.env.AUDIENCE });
    return { isAuthorized: true, context: { sub: payload.sub } };
  } catch {
    return { isAuthorized: false };
  }
};
