'use strict'
// Locales are taken from the package's namespace by a computed name.
const { addBusinessDays, format, formatDistance, parseISO } = require('date-fns')
const locales = require('date-fns/locale')

exports.handler = async ({ from, to, languages }) => Object.fromEntries(languages.map((name) => [name, {
  day: format(parseISO(to), 'PPPP', { locale: locales[name] }),
  away: formatDistance(parseISO(to), parseISO(from), { locale: locales[name], addSuffix: true }),
  due: format(addBusinessDays(parseISO(from), 5), 'yyyy-MM-dd')
}]))
