export const handler = async (event: { plugin?: string }) =>
  event.plugin ? (await import('./plugins/' + event.plugin)).default : 'none'
