import type { ScheduledEvent } from 'aws-lambda'
import dayjs from 'dayjs'
import isoWeek from 'dayjs/plugin/isoWeek'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import knex, { type Knex } from 'knex'

dayjs.extend(utc)
dayjs.extend(timezone)
dayjs.extend(isoWeek)

interface Sales {
  week: string
  rows: { country: string; orders: number; cents: number; share: number }[]
}

interface Plan {
  week: string
  sql: string
  bindings: readonly unknown[]
}

/** Every Monday at 6: what the week before brought, by country. */
export async function handler(event: ScheduledEvent & { plan?: boolean }): Promise<Sales | Plan> {
  const monday = dayjs(event.time).tz('Europe/Berlin').startOf('isoWeek')
  const last = monday.subtract(1, 'week')
  const week = `${last.isoWeekYear()}-W${String(last.isoWeek()).padStart(2, '0')}`
  if (event.plan) {
    const { sql, bindings } = sales(knex({ client: 'pg' }), last.toDate(), monday.toDate()).toSQL().toNative()
    return { week, sql, bindings }
  }
  const db = knex({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 1 } })
  try {
    return { week, rows: await sales(db, last.toDate(), monday.toDate()) }
  } finally {
    await db.destroy()
  }
}

function sales(db: Knex, from: Date, to: Date) {
  return db
    .with('sold', (sold) =>
      sold
        .select('id', 'total_cents')
        .select(db.raw(`ship_to->>'country' as country`))
        .from('orders')
        .whereBetween('paid_at', [from, to])
        .whereNotIn('status', ['returned', 'cancelled']),
    )
    .select('country')
    .count({ orders: 'id' })
    .sum({ cents: 'total_cents' })
    .select(db.raw('round(100 * sum(total_cents) / sum(sum(total_cents)) over (), ?) as share', [1]))
    .from('sold')
    .groupBy('country')
    .orderBy('cents', 'desc')
}
