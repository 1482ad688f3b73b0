import { findProduct } from '@domain/catalogue'
import { log } from '@platform/log'
import { load, type CheerioAPI } from 'cheerio'
import { z } from 'zod'

const page = z.object({ seller: z.string(), sku: z.string(), html: z.string() })
const input = z.object({ pages: z.array(page) })

// schema.org/Offer, as shops embed it for search engines
const offer = z.object({ price: z.coerce.number(), priceCurrency: z.literal('EUR') })

interface Finding {
  seller: string
  sku: string
  cents: number
  /** Theirs against ours, in percent; negative is cheaper. */
  difference: number
}

/** Reads the pages that the crawler fetched and compares their prices with ours, cheapest first. */
export async function handler(event: unknown): Promise<{ findings: Finding[]; unread: string[] }> {
  const findings: Finding[] = []
  const unread: string[] = []
  for (const { seller, sku, html } of input.parse(event).pages) {
    const $ = load(html)
    const cents = fromLinkedData($) ?? fromMicrodata($)
    const ours = findProduct(sku)?.cents
    if (cents === undefined || ours === undefined) {
      log.debug({ seller, sku }, 'no price found')
      unread.push(seller)
      continue
    }
    findings.push({ seller, sku, cents, difference: Math.round(((cents - ours) / ours) * 1000) / 10 })
  }
  return { findings: findings.sort((a, b) => a.difference - b.difference), unread }
}

function fromLinkedData($: CheerioAPI): number | undefined {
  for (const script of $('script[type="application/ld+json"]')) {
    const found = offer.safeParse(parse($(script).text())?.offers)
    if (found.success) return Math.round(found.data.price * 100)
  }
  return undefined
}

/** Other people's JSON: what cannot be read is passed over. */
function parse(text: string): { offers?: unknown } | undefined {
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

function fromMicrodata($: CheerioAPI): number | undefined {
  const scope = $('[itemtype$="schema.org/Offer"]').first()
  const found = offer.safeParse({
    price: scope.find('[itemprop=price]').attr('content'),
    priceCurrency: scope.find('[itemprop=priceCurrency]').attr('content'),
  })
  return found.success ? Math.round(found.data.price * 100) : undefined
}
