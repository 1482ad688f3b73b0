// Handler: run
const axios = require('axios').default;
const https = require('https');
const { MongoClient } = require('mongodb');
const uri = process.env.MONGO;
async function withMongo(work) {
  const client = new MongoClient(uri);
  try { return await work(client.db('a')); } finally { await client.close(); }
}
module.exports.run = async (event) => {
  const client = await new MongoClient(uri).connect(); // advice: client-in-handler
  const n = await client.db('a').collection('b').countDocuments();
  const agent = new https.Agent({ keepAlive: false }); // advice: keep-alive-off client-in-handler
  await axios.post('https://x.example.com', { n }, { httpsAgent: agent });
  await withMongo((db) => db.collection('c').insertOne({ n }));
  const r = await axios({ // advice: fetched-per-invocation
    url: 'https://id.example.com/oauth2/token', method: 'post', data: 'grant_type=client_credentials',
  });
  return r.data.access_token.length + n;
};
