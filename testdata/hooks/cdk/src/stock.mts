import { answer, type Event } from './shared/answer'

const from: string = await Promise.resolve('stock')

export const handler = async (event: Event) => answer(from, event)
