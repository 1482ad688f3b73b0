import { Customer, LoyaltyAccount, PointBooking } from '@entities'
import pg from 'pg'
import { DataSource } from 'typeorm'

/** Tables are named after their classes: customer, loyalty_account, point_booking. */
class Ledger extends DataSource {
  constructor() {
    super({
      type: 'postgres',
      driver: pg,
      url: process.env.DATABASE_URL,
      entities: [Customer, LoyaltyAccount, PointBooking],
      poolSize: 1,
    })
  }

  /** Reads the entities without a connection, enough to write SQL. */
  async describe(): Promise<this> {
    await this.buildMetadatas()
    return this
  }

  balances(at: Date, tier: string) {
    return this.createQueryBuilder(LoyaltyAccount, 'account')
      .innerJoin('account.customer', 'customer')
      .innerJoin('account.bookings', 'booking')
      .select('customer.name', 'name')
      .addSelect('sum(booking.points)', 'points')
      .where('account.tier = :tier', { tier })
      .andWhere('booking.expiresAt > :at', { at })
      .groupBy('customer.id')
      .having('sum(booking.points) > 0')
      .orderBy('points', 'DESC')
  }
}

interface Question {
  at: string
  tier: LoyaltyAccount['tier']
  plan?: boolean
}

/** The points that customers of a tier can still spend at a given time. */
export async function handler({ at, tier, plan }: Question) {
  const ledger = new Ledger()
  if (plan) {
    const [sql, parameters] = (await ledger.describe()).balances(new Date(at), tier).getQueryAndParameters()
    return { tables: ledger.entityMetadatas.map((entity) => entity.tableName).sort(), sql, parameters }
  }
  await ledger.initialize()
  try {
    return { balances: await ledger.balances(new Date(at), tier).getRawMany() }
  } finally {
    await ledger.destroy()
  }
}
