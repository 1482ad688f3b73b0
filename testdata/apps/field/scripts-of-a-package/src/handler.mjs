import { load } from 'queue'
export const handler = async () => ({ commands: await load() })
