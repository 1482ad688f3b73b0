import * as path from 'path'
import { ServiceBroker } from 'broker'
const broker = new ServiceBroker({ logger: false })
const count = broker.loadServices(path.join(__dirname, 'services'), '*.service.js')
export const handler = async (event: { call: string, n: number }) => ({ count, n: await broker.call(event.call, event.n) })
