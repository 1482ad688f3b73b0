const texts = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const text = (value) => String(value).replace(/[&<>"]/g, (sign) => texts[sign])

const party = ({ name, street, postcode, city }) =>
  `<address>${text(name)}<br>${text(street)}<br>${text(postcode)} ${text(city)}</address>`

/** Fills in an invoice, without a template engine. */
module.exports.handler = async ({ number, date, locale = 'de-DE', seller, buyer, lines }) => {
  const amount = (cents) => new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(cents / 100)
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(date))
  const taxes = {}
  for (const { cents, percent } of lines) {
    taxes[percent] = (taxes[percent] ?? 0) + Math.round((cents * percent) / (100 + percent))
  }
  const cents = lines.reduce((sum, line) => sum + line.cents, 0)
  const html = `<!doctype html>
<title>Rechnung ${text(number)}</title>
<header>${party(seller)}${party(buyer)}</header>
<h1>Rechnung ${text(number)} vom ${day}</h1>
<table>
${lines.map(({ title, percent, cents }, i) => `<tr><td>${i + 1}</td><td>${text(title)}</td><td>${percent} %</td><td>${amount(cents)}</td></tr>`).join('\n')}
</table>
<p>Summe: <b>${amount(cents)} EUR</b></p>
`
  return { number, cents, taxes, html }
}
