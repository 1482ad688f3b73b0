const store = new Map()
Reflect.metadata = (key, value) => (target, name) => { store.set(key + "|" + String(name), [...(store.get(key + "|" + String(name)) ?? []), [target, value]]) }
Reflect.getMetadata = (key, target, name) => (store.get(key + "|" + String(name)) ?? []).find(([t]) => t === target)?.[1]
const columns = []
exports.columns = columns
exports.Column = () => (target, name) => { columns.push([name, Reflect.getMetadata('design:type', target, name)]) }
exports.types = () => Object.fromEntries(columns.map(([name, type]) => [name, type === undefined ? 'nothing' : type.label ?? type.name]))
