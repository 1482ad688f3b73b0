import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm'
import { LoyaltyAccount } from './loyalty-account'

@Entity()
export class PointBooking {
  @PrimaryGeneratedColumn('uuid')
  id!: string

  @Column('int')
  points!: number

  @Column('timestamptz')
  expiresAt!: Date

  @ManyToOne(() => LoyaltyAccount, (account) => account.bookings)
  account!: Relation<LoyaltyAccount>
}
