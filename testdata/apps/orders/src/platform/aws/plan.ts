import type { Pluggable } from '@smithy/types'

export interface Call {
  target: string
  host: string
  body: unknown
}

interface Request {
  hostname: string
  headers: Record<string, string>
  body?: string | Uint8Array
}

/** The client asks who is calling before it builds a request. A plan is never signed, so anybody will do. */
export const nobody = { accessKeyId: 'nobody', secretAccessKey: 'nobody' }

/**
 * Notes the calls of an SDK client in place of making them. It stands at the
 * end of the build step, where the request is complete and neither signed nor
 * retried yet.
 */
export function planned(calls: Call[]): Pluggable<any, any> {
  return {
    applyToStack(stack) {
      stack.add(
        () =>
          async ({ request }) => {
            const { hostname, headers, body } = request as Request
            const text = typeof body === 'string' ? body : Buffer.from(body ?? 'null').toString()
            calls.push({ target: headers['x-amz-target'] ?? '', host: hostname, body: JSON.parse(text) })
            return { response: undefined, output: { $metadata: {} } }
          },
        { name: 'planned', step: 'build', priority: 'low' },
      )
    },
  }
}
