const Handlebars = require('handlebars')
const template = require('../domain/invoice-template.cjs')
const { due } = require('../domain/due')

const handlebars = Handlebars.create()

handlebars.registerHelper('amount', (cents, { data }) =>
  new Intl.NumberFormat(data.root.locale, { minimumFractionDigits: 2 }).format(cents / 100),
)
handlebars.registerHelper('date', (iso, { data }) =>
  new Intl.DateTimeFormat(data.root.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso)),
)
handlebars.registerHelper('position', (index) => index + 1)
handlebars.registerPartial('party', template.party)

const render = handlebars.compile(template.invoice, { strict: true })

/** Fills in an invoice; a missing field is an error, never a gap on paper. */
module.exports.handler = async ({ number, date, locale = 'de-DE', seller, buyer, lines }) => {
  const taxes = {}
  for (const { cents, percent } of lines) {
    taxes[percent] = (taxes[percent] ?? 0) + Math.round((cents * percent) / (100 + percent))
  }
  const cents = lines.reduce((sum, line) => sum + line.cents, 0)
  return { number, cents, taxes, due: due(date), html: render({ number, date, locale, seller, buyer, lines, taxes, cents }) }
}
