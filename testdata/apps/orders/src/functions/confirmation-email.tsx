import { order } from '@domain/order'
import { price } from '@domain/pricing'
import { Confirmation, subject } from '@emails/confirmation'
import { renderToStaticMarkup } from 'react-dom/server'
import { z } from 'zod'

const input = z.object({ order, lang: z.enum(['de', 'en']).default('en') })

/** Renders the mail that the state machine then hands to SES. */
export async function handler(event: unknown) {
  const { order, lang } = input.parse(event)
  const priced = price(order.lines, order.shipTo.country, order.coupon)
  return {
    to: order.email,
    subject: subject(lang, order),
    html: '<!doctype html>' + renderToStaticMarkup(<Confirmation order={order} price={priced} lang={lang} />),
  }
}
