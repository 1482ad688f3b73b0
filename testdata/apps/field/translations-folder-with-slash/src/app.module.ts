import path from 'path'
import { I18nModule } from 'nest-i18n-like'
export const i18n = I18nModule.forRoot({ fallbackLanguage: 'en', loaderOptions: { path: path.join(__dirname, '/i18n/'), watch: false } })
