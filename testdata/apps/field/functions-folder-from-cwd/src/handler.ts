import { listModules } from './util'
const dir = 'src/functions'
export const handler = async (event: { url: string }) => {
  const routes: Record<string, () => unknown> = {}
  for (const m of listModules(dir)) if (/\.[jt]s$/.test(m.name)) routes[m.url] = (await import(m.path)).run
  return { urls: Object.keys(routes).sort(), got: routes[event.url]() }
}
