import { run } from 'threaded'
export const handler = async (event: { n: number }) => ({ n: await run(event.n) })
