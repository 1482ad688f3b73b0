import path from 'path'
import log from 'logger'
import { lines } from './lines'
const logger = log({ transport: { targets: [{ target: path.join(__dirname, 'transport.js'), options: { prefix: '> ' } }] } })
export const handler = async (event: { text: string }) => { await logger.info(event.text); return { lines } }
