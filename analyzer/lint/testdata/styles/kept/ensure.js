// Handler: handler
const { createClient } = require('redis');
let client;
const ensure = async () => {
  if (client?.isReady) return;
  client = createClient();
  await client.connect();
};
exports.handler = async (e) => { await ensure(); return client.get(e.k); };
