import { answer, type Event } from './shared/answer'

export const main = async (event: Event) => answer('labels', event)
