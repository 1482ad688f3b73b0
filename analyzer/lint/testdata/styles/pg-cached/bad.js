// Handler: handler
const { Client } = require('pg');
const AWS = require('@aws-sdk/client-ssm');
const ssm = new AWS.SSMClient({});
async function param(name) {
  const { Parameter } = await ssm.send(new AWS.GetParameterCommand({ Name: name })); // advice: fetched-per-invocation
  return Parameter.Value;
}
exports.handler = async () => {
  const url = await param('/db/url');
  const client = new Client({ connectionString: url }); // advice: client-in-handler
  await client.connect();
  return (await client.query('select now()')).rows;
};
