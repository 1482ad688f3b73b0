import path from 'path'
import Email from 'mailer'
const email = new Email({ message: { from: 'a@example.com' }, views: { root: path.resolve('emails'), options: { extension: 'ejs' } } })
export const handler = async (event: { to: string }) => email.render('welcome', { to: event.to })
