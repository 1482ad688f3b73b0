'use strict'
// kafkajs requires the versions of each protocol request by a computed path.
const { Kafka, Partitioners, logLevel } = require('kafkajs')
const Encoder = require('kafkajs/src/protocol/encoder')
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
const Record = require('kafkajs/src/protocol/recordBatch/record/v0')
const { lookup } = require('kafkajs/src/protocol/requests')
const Metadata = require('kafkajs/src/protocol/requests/metadata')

exports.handler = async ({ keys, value, at }) => {
  const partition = Partitioners.DefaultPartitioner()
  const partitionMetadata = [0, 1, 2].map((partitionId) => ({ partitionId, leader: 1 }))
  const batch = await RecordBatch({ firstTimestamp: at, maxTimestamp: at, records: keys.map((key, offsetDelta) => Record({ offsetDelta, timestampDelta: 0, key, value })) })
  const metadata = lookup({ 3: { minVersion: 0, maxVersion: 6 } })(3, Metadata)
  const kafka = new Kafka({ brokers: ['127.0.0.1:1'], logLevel: logLevel.NOTHING, retry: { retries: 0 }, connectionTimeout: 500 })
  const failure = await kafka.admin().connect().catch((e) => e.name)
  const { request } = metadata({ topics: ['t'], allowAutoTopicCreation: true })
  return {
    partitions: keys.map((key) => partition({ topic: 't', partitionMetadata, message: { key } })),
    batch: batch.buffer.toString('hex'), string: new Encoder().writeString(value).buffer.toString('hex'), request: `${request.apiName} v${request.apiVersion}`, encoded: (await request.encode()).buffer.toString('hex'), failure
  }
}
