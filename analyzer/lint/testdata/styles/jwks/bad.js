// Handler: authorize
const jwt = require('jsonwebtoken');
const jwksClient = require('jwks-rsa');
const util = require('util');

const getPublicKey = async (kid) => {
  const client = jwksClient({ cache: true, jwksUri: process.env.JWKS_URI }); // advice: client-in-handler
  const getSigningKey = util.promisify(client.getSigningKey);
  const key = await getSigningKey(kid);
  return key.publicKey || key.rsaPublicKey;
};
exports.authorize = async (event) => {
  const token = event.authorizationToken.split(' ')[1];
  const decoded = jwt.decode(token, { complete: true });
  const key = await getPublicKey(decoded.header.kid);
  const claims = jwt.verify(token, key);
  const extra = await fetch(`https://${process.env.DOMAIN}/.well-known/jwks.json`); // advice: fetched-per-invocation
  return { principalId: claims.sub, context: { keys: (await extra.json()).keys.length } };
};
