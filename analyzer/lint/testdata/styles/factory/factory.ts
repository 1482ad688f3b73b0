import { OrdersApi } from './clients'

export const makeHandler = (on: { clients: () => unknown, freshClients: () => unknown }) => {
  const once = new OrdersApi()
  return async (event: { id: string }) => {
    const api = new OrdersApi()
    return [await once.find(event.id), await api.find(event.id), on.clients()]
  }
}
