'use strict'
// google-gax reads its protocol definitions as JSON and .proto files beside it.
const { generateKeyPairSync } = require('node:crypto')
const { PubSub, v1 } = require('@google-cloud/pubsub')

exports.handler = async ({ project, topic }) => {
  const credentials = { client_email: 'app@p.iam.example.com', private_key: generateKeyPairSync('rsa', { modulusLength: 1024, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey }
  const publisher = new v1.PublisherClient({ projectId: project, credentials })
  const stub = await publisher.initialize()
  const methods = Object.keys(Object.getPrototypeOf(stub)).filter((name) => /^publish$|^createTopic$/i.test(name)).sort()
  const name = publisher.projectTopicsPath(project, topic)
  const local = new PubSub({ projectId: project, credentials }).topic(topic)
  await publisher.close()
  return { name, same: local.name === name, matched: publisher.matchTopicFromProjectTopicsName(name), methods }
}
