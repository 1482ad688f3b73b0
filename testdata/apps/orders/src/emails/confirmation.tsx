import { findProduct } from '@domain/catalogue'
import { money } from '@domain/money'
import type { Order } from '@domain/order'
import type { Price } from '@domain/pricing'
import { marked } from 'marked'
import { Layout } from './layout'

const words = {
  de: { title: 'Danke für Ihre Bestellung', total: 'Summe', care: 'Pflege' },
  en: { title: 'Thank you for your order', total: 'Total', care: 'Care' },
}

interface Props {
  order: Order
  price: Price
  lang: keyof typeof words
}

export function subject(lang: Props['lang'], order: Order): string {
  return `${words[lang].title} (${order.id.slice(-6)})`
}

export function Confirmation({ order, price, lang }: Props) {
  const { title, total, care } = words[lang]
  return (
    <Layout lang={lang} title={title}>
      <p>
        {order.shipTo.name}, {order.shipTo.street}, {order.shipTo.postcode} {order.shipTo.city}
      </p>
      <table>
        <tbody>
          {price.lines.map((line) => (
            <tr key={line.sku}>
              <td>{line.quantity} ×</td>
              <td>{line.title}</td>
              <td align="right">{money(line.cents, lang)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th colSpan={2}>{total}</th>
            <td align="right">{money(price.total, lang)}</td>
          </tr>
        </tfoot>
      </table>
      <h2>{care}</h2>
      {price.lines.map((line) => (
        <Care key={line.sku} sku={line.sku} />
      ))}
    </Layout>
  )
}

/** The catalogue is our own, and so is its Markdown: it needs no cleaning. */
function Care({ sku }: { sku: string }) {
  const html = marked.parseInline(findProduct(sku)?.care ?? '', { async: false })
  return <p dangerouslySetInnerHTML={{ __html: html }} />
}
