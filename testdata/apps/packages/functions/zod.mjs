// `z` is a re-exported namespace, which bundlers tend to keep whole.
import { z } from 'zod'

const Order = z.object({
  id: z.uuid(),
  at: z.coerce.date(),
  lines: z.array(z.object({ sku: z.string().regex(/^[A-Z]{3}\d+$/), n: z.int().positive() })).min(1),
  pay: z.discriminatedUnion('by', [z.object({ by: z.literal('card'), last4: z.string().length(4) }), z.object({ by: z.literal('cash') })])
}).refine((o) => o.lines.length < 10, { message: 'too long' })

export const handler = async ({ good, bad }) => {
  const failed = Order.safeParse(bad)
  return { order: Order.parse(good), issues: failed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`), schema: z.toJSONSchema(Order, { unrepresentable: 'any' }).required }
}
