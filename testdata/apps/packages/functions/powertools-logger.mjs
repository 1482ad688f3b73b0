import { LogFormatter, LogItem, Logger } from '@aws-lambda-powertools/logger'

class Plain extends LogFormatter {
  formatAttributes ({ logLevel, message, serviceName }, more) { return new LogItem({ attributes: { logLevel, message, serviceName } }).addAttributes(more) }
}

export const handler = async ({ user }) => {
  const logger = new Logger({ serviceName: 'shop', logLevel: 'INFO', logFormatter: new Plain() })
  const lines = []
  logger.console = { info: (line) => lines.push(JSON.parse(line)), error: (line) => lines.push(JSON.parse(line)), debug: () => lines.push('seen'), warn: () => {} }
  logger.appendKeys({ user })
  logger.info('in', { n: 1 })
  logger.debug('unseen')
  logger.createChild({ logLevel: 'ERROR' }).getLevelName()
  logger.error('bad', new RangeError('far'))
  return lines.map(({ error, ...rest }) => ({ ...rest, error: error?.name }))
}
