'use strict'
// OpenTelemetry patches pino as it is required: a pino inside a bundle is not seen.
const { trace, context, propagation } = require('@opentelemetry/api')
const { InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base')
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node')
const { registerInstrumentations } = require('@opentelemetry/instrumentation')
const { PinoInstrumentation } = require('@opentelemetry/instrumentation-pino')

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
registerInstrumentations({ instrumentations: [new PinoInstrumentation()] })
const pino = require('pino')

exports.handler = async ({ traceparent, name }) => {
  const lines = []
  const log = pino({}, { write: (line) => lines.push(JSON.parse(line)) })
  const parent = propagation.extract(context.active(), { traceparent })
  await trace.getTracer('app').startActiveSpan(name, { attributes: { n: 1 } }, parent, async (span) => {
    await Promise.resolve()
    log.info('inside')
    span.end()
  })
  const [span] = exporter.getFinishedSpans()
  return { name: span.name, attributes: span.attributes, traceId: span.spanContext().traceId, logged: lines[0].trace_id, parent: span.parentSpanContext.spanId }
}
