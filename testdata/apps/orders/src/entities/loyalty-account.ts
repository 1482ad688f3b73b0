import { Column, Entity, JoinColumn, OneToMany, OneToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm'
import { Customer } from './customer'
import { PointBooking } from './point-booking'

@Entity()
export class LoyaltyAccount {
  @PrimaryGeneratedColumn('identity')
  id!: number

  @Column('varchar', { default: 'clay' })
  tier!: 'clay' | 'porcelain'

  @OneToOne(() => Customer, (customer) => customer.account)
  @JoinColumn()
  customer!: Relation<Customer>

  @OneToMany(() => PointBooking, (booking) => booking.account)
  bookings!: Relation<PointBooking>[]
}
