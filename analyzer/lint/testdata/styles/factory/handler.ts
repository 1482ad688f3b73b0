// A handler from a factory, with its dependencies. Handler: handler
import { makeHandler } from './factory'
import { clients, freshClients } from './clients'

export const handler = makeHandler({ clients, freshClients })
