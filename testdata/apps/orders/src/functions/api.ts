import { price, UnknownProduct } from '@domain/pricing'
import { country, line } from '@domain/order'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'

const quoteRequest = z.object({
  lines: z.array(line).min(1).max(40),
  country,
  coupon: z.string().toUpperCase().optional(),
})

const app = new Hono<{ Bindings: { event: LambdaEvent } }>()

app.use(cors({ origin: 'https://shop.example', allowMethods: ['POST'] }))

app.post(
  '/quotes',
  zValidator('json', quoteRequest, (result, c) => {
    if (!result.success) return c.json({ title: 'not a quote request', detail: z.prettifyError(result.error) }, 400)
  }),
  (c) => {
    const { lines, country, coupon } = c.req.valid('json')
    return c.json({ country, ...price(lines, country, coupon) })
  },
)

app.notFound((c) => c.json({ title: 'no such resource' }, 404))

app.onError((error, c) => {
  if (error instanceof UnknownProduct) return c.json({ title: error.message, sku: error.sku }, 422)
  if (error instanceof HTTPException) return error.getResponse()
  throw error
})

export const handler = handle(app)
