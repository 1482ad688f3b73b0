const formats = new Map<string, Intl.NumberFormat>()

/** Writes cents the way the customer's language does: "1.234,50 €". */
export function money(cents: number, locale: string): string {
  let format = formats.get(locale)
  if (!format) {
    format = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' })
    formats.set(locale, format)
  }
  return format.format(cents / 100)
}
