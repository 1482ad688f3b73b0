'use strict'
// dd-trace hooks require, loads its plugins by name and has prebuilt addons.
process.env.DD_INSTRUMENTATION_TELEMETRY_ENABLED = 'false'
process.env.DD_REMOTE_CONFIGURATION_ENABLED = 'false'
const tracer = require('dd-trace').init({ service: 'app', startupLogs: false, runtimeMetrics: false })

exports.handler = async ({ headers }) => {
  const parent = tracer.extract('http_headers', headers)
  const span = tracer.startSpan('work', { childOf: parent, tags: { 'resource.name': 'GET /' } })
  const carrier = {}
  tracer.inject(span, 'http_headers', carrier)
  const active = tracer.scope().activate(span, () => tracer.scope().active() === span)
  span.finish()
  return { trace: carrier['x-datadog-trace-id'], origin: carrier['x-datadog-origin'], priority: carrier['x-datadog-sampling-priority'], own: carrier['x-datadog-parent-id'] !== headers['x-datadog-parent-id'], active }
}
