import path from 'node:path'
import web from 'web'
import words from 'words'
const app = web()
app.set('views', path.join(import.meta.dirname, 'views'))
app.set('view engine', 'words')
words.register('greeting', 'Hello')
export const handler = async ({ name }) => ({ html: app.render('home', { name }).trim(), words: words.known() })
