import type { MiddlewareObj } from '@middy/core'
import { pino } from 'pino'

export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: { stage: process.env.STAGE ?? 'dev' },
  formatters: { level: (label) => ({ level: label }) },
  redact: ['*.email', '*.shipTo'],
})

/** One line for each request, and one with the stack for each that failed. */
export function requestLog(): MiddlewareObj {
  const started = new WeakMap<object, number>()
  return {
    before({ context }) {
      started.set(context, performance.now())
    },
    after({ context }) {
      log.info({ request: context.awsRequestId, ms: elapsed(context) }, 'done')
    },
    onError({ context, error }) {
      log.error({ request: context.awsRequestId, ms: elapsed(context), err: error }, 'failed')
    },
  }

  function elapsed(context: object): number {
    return Math.round(performance.now() - (started.get(context) ?? performance.now()))
  }
}
