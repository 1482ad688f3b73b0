'use strict'
// mongodb has seven optional packages that are not installed here.
const { MongoClient, ObjectId, Decimal128, BSON } = require('mongodb')

exports.handler = async ({ uri, document }) => {
  const client = new MongoClient(uri)
  const { dbName, hosts, replicaSet, readPreference, writeConcern, compressors } = client.options
  const bytes = BSON.serialize({ _id: new ObjectId(document.id), total: Decimal128.fromString(document.total), at: new Date(document.at) })
  const back = BSON.deserialize(bytes)
  await client.close()
  return {
    dbName, hosts: hosts.map(String), replicaSet, readPreference: readPreference.mode, w: writeConcern.w, compressors,
    length: bytes.length, id: back._id.toHexString(), total: back.total.toString(), at: back.at
  }
}
