const load = async (name: string) => ({
  rule: (await import(`#rules/${name}`)).default as (n: number) => number,
  handle: (await import('@handlers/' + name)).handle as (n: number) => string,
  price: (await import(`@acme/prices/src/${name}.js`)).price as number,
})
export const handler = async (event: { name: string, n: number }) => {
  const { rule, handle, price } = await load(event.name)
  return { text: handle(rule(event.n) * price) }
}
