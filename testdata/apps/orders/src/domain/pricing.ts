import { findProduct } from './catalogue'
import type { Country, Line } from './order'
import rates from './tax-rates.json'

export interface Price {
  lines: { sku: string; title: string; quantity: number; cents: number }[]
  goods: number
  discount: number
  shipping: number
  /** Contained in the total, not added to it: consumer prices are gross. */
  taxes: number
  total: number
}

export class UnknownProduct extends Error {
  override name = 'UnknownProduct'

  constructor(readonly sku: string) {
    super(`there is no product ${sku}`)
  }
}

const coupons: Record<string, { percent: number; from: number }> = {
  WELCOME10: { percent: 10, from: 5000 },
}

const freeShippingFrom = 9900

/** Prices an order in cents. The discount is spread over the lines, so that each tax class bears its share. */
export function price(lines: readonly Line[], country: Country, coupon?: string): Price {
  const priced = lines.map(({ sku, quantity }) => {
    const product = findProduct(sku)
    if (!product) throw new UnknownProduct(sku)
    return { sku, title: product.title, quantity, cents: product.cents * quantity, tax: product.tax as 'standard' | 'food' }
  })
  const goods = sum(priced.map((line) => line.cents))
  const rule = coupon === undefined ? undefined : coupons[coupon]
  const percent = rule && goods >= rule.from ? rule.percent : 0
  const discounts = priced.map((line) => Math.round((line.cents * percent) / 100))
  const discount = sum(discounts)
  const shipping = goods - discount >= freeShippingFrom ? 0 : country === 'DE' ? 490 : 990
  const taxes =
    sum(priced.map((line, i) => contained(line.cents - discounts[i]!, rates[country][line.tax]))) +
    contained(shipping, rates[country].standard)
  return {
    lines: priced.map(({ tax, ...line }) => line),
    goods,
    discount,
    shipping,
    taxes,
    total: goods - discount + shipping,
  }
}

function contained(gross: number, percent: number): number {
  return Math.round((gross * percent) / (100 + percent))
}

function sum(cents: readonly number[]): number {
  return cents.reduce((total, each) => total + each, 0)
}
