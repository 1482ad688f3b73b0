import { IntlMessageFormat } from 'intl-messageformat'

export const handler = async ({ locale, values }) => {
  const message = new IntlMessageFormat('{who} {n, plural, =0 {a rien} one {a # photo} other {a # photos}}, {place, selectordinal, one {#re} other {#e}} {kind, select, a {place} other {?}}, {share, number, percent}', locale)
  return { text: message.format(values), parts: message.getAst().length, locale: message.resolvedOptions().locale }
}
