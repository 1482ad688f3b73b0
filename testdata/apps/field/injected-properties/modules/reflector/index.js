const store = new Map()
Reflect.metadata = (key, value) => (target, name) => { store.set(key + "|" + String(name), [...(store.get(key + "|" + String(name)) ?? []), [target, value]]) }
Reflect.getMetadata = (key, target, name) => (store.get(key + "|" + String(name)) ?? []).find(([t]) => t === target)?.[1]
exports.Injectable = () => () => {}
exports.resolve = C => new C(...(Reflect.getMetadata('design:paramtypes', C) ?? []).map(exports.resolve))
