import { createRequire } from 'node:module'
import settings from './data/settings.json' with { type: 'json' }

const required = createRequire(import.meta.url)('./data/settings.json')

export const handler = async ({ key }) => {
  const { default: again } = await import('./data/settings.json', { with: { type: 'json' } })
  return { value: settings[key], same: again === settings, required: required[key], keys: Object.keys(settings) }
}
