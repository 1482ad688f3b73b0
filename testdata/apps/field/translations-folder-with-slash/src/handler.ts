import { i18n } from './app.module'
export const handler = async (event: { lang: string }) => ({ text: i18n.t('common.hi', event.lang) })
