import { Column, Entity, OneToOne, PrimaryColumn, type Relation } from 'typeorm'
import { LoyaltyAccount } from './loyalty-account'

@Entity()
export class Customer {
  @PrimaryColumn('varchar')
  id!: string

  @Column('varchar')
  name!: string

  @OneToOne(() => LoyaltyAccount, (account) => account.customer)
  account!: Relation<LoyaltyAccount>
}
