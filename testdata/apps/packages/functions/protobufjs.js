'use strict'
const path = require('node:path')
const protobuf = require('protobufjs')

exports.handler = async ({ route, wrong }) => {
  const root = await protobuf.load(path.join(__dirname, 'protos', 'route.proto'))
  const Route = root.lookupType('route.Route')
  const bytes = Route.encode(Route.fromObject(route)).finish()
  return { hex: Buffer.from(bytes).toString('hex'), back: Route.toObject(Route.decode(bytes), { longs: String, enums: String }), wrong: Route.verify(wrong), timestamp: Boolean(protobuf.common.get('google/protobuf/any.proto')) }
}
