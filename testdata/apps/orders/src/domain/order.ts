import { z } from 'zod'

export const sku = z.string().regex(/^[A-Z]+-[A-Z0-9]+$/, 'not an article number')

export const line = z.object({
  sku,
  quantity: z.int().min(1).max(99),
})

export const country = z.enum(['DE', 'AT', 'FR', 'NL'])

export const address = z.object({
  name: z.string().trim().min(1),
  street: z.string().trim().min(1),
  postcode: z.string().regex(/^[0-9A-Z -]{4,8}$/),
  city: z.string().trim().min(1),
  country,
})

export const order = z.object({
  id: z.ulid(),
  customerId: z.string().startsWith('c-'),
  email: z.email(),
  placedAt: z.iso.datetime(),
  lines: z.array(line).min(1).max(40),
  shipTo: address,
  coupon: z.string().optional(),
})

export type Line = z.infer<typeof line>
export type Country = z.infer<typeof country>
export type Address = z.infer<typeof address>
export type Order = z.infer<typeof order>
