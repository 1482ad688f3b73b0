const store = new Map()
Reflect.metadata = (key, value) => (target, name) => { store.set(key + "|" + String(name), [...(store.get(key + "|" + String(name)) ?? []), [target, value]]) }
Reflect.getMetadata = (key, target, name) => (store.get(key + "|" + String(name)) ?? []).find(([t]) => t === target)?.[1]
exports.Arg = () => (target, name, at) => { seen.args[at] = Reflect.getMetadata('design:paramtypes', target, name)[at] }
exports.Mutation = () => (target, name) => { seen.returns = Reflect.getMetadata('design:returntype', target, name) }
const seen = { args: [] }
exports.schema = () => ({ args: seen.args.map(a => a.label ?? a.name), returns: seen.returns.name })
