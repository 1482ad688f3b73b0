export const handler = async (event: { n: number }) => ({ twice: event.n * 2 })
