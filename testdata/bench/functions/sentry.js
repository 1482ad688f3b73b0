const Sentry = require('@sentry/node')

const sent = []
Sentry.init({ dsn: 'https://placeholder@placeholder.invalid/1', beforeSend: (event) => { sent.push(event.exception.values[0].value); return null } })
exports.handler = async () => {
  Sentry.captureException(new Error('seen'))
  await Sentry.flush(100)
  return sent
}
