import i18next from 'i18n-fs'
const ready = i18next.init({ lng: 'de', ns: ['common'], backend: { loadPath: './public/locales/{{lng}}/{{ns}}.json' } })
export const handler = async (event: { key: string }) => ({ text: (await ready)(event.key) })
