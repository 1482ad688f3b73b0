import host from 'host'
const run = host(['plugin-a', 'plugin-b'].map(f => require.resolve(f)))
export const handler = async (event: { n: number }) => ({ n: run(event.n) })
