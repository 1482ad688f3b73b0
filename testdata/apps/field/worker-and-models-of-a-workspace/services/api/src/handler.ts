import { start } from '@acme/jobs'
import { models } from '@acme/models'
export const handler = async (event: { n: number }) => ({ models: Object.keys(models).sort(), sum: await start(event.n) })
