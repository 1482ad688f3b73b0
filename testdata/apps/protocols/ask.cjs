// What every function does with its client.

// options are those of a client. The server tells functions apart by the first folder of the path.
exports.options = (name, more) => ({
  region: 'eu-west-1',
  endpoint: `${process.env.SERVER}/${name}`,
  credentials: { accessKeyId: 'AKIAPLACEHOLDER00000', secretAccessKey: 'placeholder', sessionToken: 'token' },
  maxAttempts: 1,
  // The CommonJS and the ES build of a client may name different versions of it.
  defaultUserAgentProvider: async () => [['protocols', '1']],
  forcePathStyle: name === 's3' || undefined,
  ...more,
})

// ask sends a command twice and returns what came back, as JSON can hold it.
exports.ask = async (client, command) => {
  const seen = []
  for (let call = 0; call < 2; call++) {
    try {
      seen.push(await plain(await client.send(command())))
    } catch (e) {
      seen.push({ threw: e.name, message: e.message, constructor: Object.getPrototypeOf(Object.getPrototypeOf(e)).constructor === Error, ...(await plain({ ...e, $response: undefined })) })
    }
  }
  client.destroy()
  return seen
}

async function plain(value) {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (value instanceof Date) return { date: value.toISOString() }
  if (typeof value === 'function') return undefined
  if (!value || typeof value !== 'object') return value
  if (value[Symbol.asyncIterator]) {
    const events = []
    for await (const event of value) events.push(await plain(event))
    return { events }
  }
  if (Array.isArray(value)) return Promise.all(value.map(plain))
  const entries = await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await plain(v)]))
  return Object.fromEntries(entries)
}
