// Handler: handler
const { Client } = require('pg');
const AWS = require('@aws-sdk/client-ssm');
const ssm = new AWS.SSMClient({});
const cache = new Map();
async function param(name) {
  const hit = cache.get(name);
  if (hit && hit.until > Date.now()) return hit.value;
  const { Parameter } = await ssm.send(new AWS.GetParameterCommand({ Name: name, WithDecryption: true }));
  cache.set(name, { value: Parameter.Value, until: Date.now() + 300000 });
  return Parameter.Value;
}
let client = null;
exports.handler = async () => {
  try {
    if (client === null) {
      client = new Client({ connectionString: await param('/db/url') });
      await client.connect();
      client.on('error', () => { client = null; });
    }
    return (await client.query('select now()')).rows;
  } catch (e) {
    client = null;
    throw e;
  }
};
