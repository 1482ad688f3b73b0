class UserService {}
function makeThing () { return 1 }
const registry = new Map<string, unknown>()
function register (k: { name: string }) { registry.set(k.name, k) }
register(UserService)
register(makeThing)
export const handler = async () => ({ keys: [...registry.keys()] })
