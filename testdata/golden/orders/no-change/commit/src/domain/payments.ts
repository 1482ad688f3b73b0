import 'reflect-metadata'
import { Expose, Transform, Type } from 'class-transformer'

/** What a customer has paid or is about to. */
export abstract class Payment {
  @Expose() id!: string
  @Expose() order!: string

  /** In cents; the provider counts in decimal strings. */
  @Expose({ name: 'amount' })
  @Transform(({ value }) => Math.round(Number(value) * 100), { toClassOnly: true })
  cents!: number

  abstract get settled(): boolean
}

export class CardPayment extends Payment {
  @Expose() last4!: string
  @Expose({ name: 'three_d_secure' }) threeDSecure!: boolean

  get settled(): boolean {
    return this.threeDSecure
  }
}

export class BankTransfer extends Payment {
  @Expose({ name: 'value_date' })
  @Type(() => Date)
  valueDate!: Date

  get settled(): boolean {
    return true
  }
}

export class Notice {
  @Expose() attempt!: number

  @Expose()
  @Type(() => Payment, {
    keepDiscriminatorProperty: false,
    discriminator: {
      property: 'method',
      subTypes: [
        { name: 'card', value: CardPayment },
        { name: 'bank_transfer', value: BankTransfer },
      ],
    },
  })
  payments!: Payment[]
}
