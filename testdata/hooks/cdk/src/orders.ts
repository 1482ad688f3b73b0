import { answer, type Event } from './shared/answer'

export const handler = async (event: Event) => answer('orders', event)
