import Stripe from 'stripe'

const stripe = new Stripe('placeholder')
export const handler = async () => {
  const payload = '{"id":"evt_1","object":"event"}'
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: 'placeholder', timestamp: 4102444800 })
  return stripe.webhooks.constructEvent(payload, header, 'placeholder', 10 ** 10).id
}
