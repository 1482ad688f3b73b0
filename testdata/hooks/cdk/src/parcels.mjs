import { answer } from './shared/answer'

export const handler = async (event) => answer('parcels', event)
