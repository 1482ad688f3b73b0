import type { Address } from '@domain/order'
import { pool } from '@platform/database'
import { Kysely, PostgresDialect, type Generated, type JSONColumnType } from 'kysely'
import { encodeTime } from 'ulid'
import { z } from 'zod'

interface Database {
  orders: { id: Generated<string>; customer_id: string; status: string; total_cents: number; ship_to: JSONColumnType<Address> }
  order_lines: { order_id: string; sku: string; quantity: number }
}

const search = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  status: z.array(z.enum(['placed', 'paid', 'shipped', 'returned'])).default([]),
  sku: z.string().optional(),
  city: z.string().optional(),
  after: z.ulid().optional(),
  limit: z.int().min(1).max(200).default(50),
  plan: z.boolean().default(false),
})

const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: async () => pool() }) })

/** Searches orders for the back office, newest first. */
export async function handler(event: unknown) {
  const { plan, ...wanted } = search.parse(event)
  const query = select(wanted)
  if (plan) {
    const { sql, parameters } = query.compile()
    return { sql, parameters }
  }
  const orders = await query.execute()
  return { orders, after: orders.at(-1)?.id }
}

function select({ from, to, status, sku, city, after, limit }: Omit<z.infer<typeof search>, 'plan'>) {
  let query = db
    .selectFrom('orders as o')
    .select(['o.id', 'o.customer_id as customerId', 'o.status', 'o.total_cents as cents'])
    // An order's id starts with the time it was placed, so the primary key is the index by date.
    .where('o.id', '>=', firstId(from))
    .where('o.id', '<', after ?? firstId(to))
  if (status.length > 0) query = query.where('o.status', 'in', status)
  if (city !== undefined) query = query.where((eb) => eb(eb.ref('o.ship_to', '->>').key('city'), '=', city))
  if (sku !== undefined) {
    query = query.where(({ exists, selectFrom }) =>
      exists(selectFrom('order_lines as l').select('l.sku').whereRef('l.order_id', '=', 'o.id').where('l.sku', '=', sku)),
    )
  }
  return query.orderBy('o.id', 'desc').limit(limit)
}

function firstId(at: string): string {
  return encodeTime(Date.parse(at), 10) + '0'.repeat(16)
}
