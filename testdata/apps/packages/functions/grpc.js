'use strict'
// A client and a server from one .proto, which imports another beside it.
const path = require('node:path')
const grpc = require('@grpc/grpc-js')
const protoLoader = require('@grpc/proto-loader')

const PROTO = path.join(__dirname, '/protos/route.proto')
const { route } = grpc.loadPackageDefinition(protoLoader.loadSync(PROTO, { keepCase: true, longs: String, enums: String, defaults: true, includeDirs: [path.join(__dirname, 'protos')] }))

exports.handler = async ({ from, to }) => {
  const server = new grpc.Server()
  server.addService(route.Guide.service, {
    Find: ({ request }, done) => request.to?.name ? done(null, { distance: '9007199254740993', mode: 'TRAIN', stops: [request.from, request.to] }) : done({ code: grpc.status.INVALID_ARGUMENT, details: 'where to?' }),
    Walk: (call) => { for (let i = 1; i <= 3; i++) call.write({ name: `step ${i}` }); call.end() }
  })
  const port = await new Promise((resolve, reject) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (e, p) => e ? reject(e) : resolve(p)))
  const client = new route.Guide(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 })
  const ask = (request) => new Promise((resolve) => client.Find(request, (error, answer) => resolve(error ? `${grpc.status[error.code]}: ${error.details}` : answer)))
  const answer = { found: await ask({ from, to }), refused: await ask({ from }), steps: [] }
  for await (const { name } of client.Walk({ from })) answer.steps.push(name)
  client.close()
  server.forceShutdown()
  return answer
}
