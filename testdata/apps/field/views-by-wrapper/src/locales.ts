import { i18n } from 'webby'
const configure = (directory: string) => i18n({ directory, ext: '.json' })
const read = configure('./locales')
export const locales = (lang: string): unknown => read(lang)
