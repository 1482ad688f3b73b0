'use strict'
// The files to load are named by a template with placeholders.
const path = require('node:path')
const i18next = require('i18next')
const Backend = require('i18next-fs-backend')

const ready = i18next.use(Backend).init({
  lng: 'en',
  fallbackLng: 'en',
  preload: ['en', 'fr'],
  ns: ['shop'],
  defaultNS: 'shop',
  showSupportNotice: false,
  backend: { loadPath: path.join(__dirname, 'locales/{{lng}}/{{ns}}.json') }
})

exports.handler = async ({ language, count, name }) => {
  await ready
  const t = i18next.getFixedT(language)
  return [t('greeting', { name }), t('items', { count: 1 }), t('items', { count }), t('onlyEnglish')]
}
