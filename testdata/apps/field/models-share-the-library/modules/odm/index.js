const models = {}
exports.model = (name, schema) => models[name] ??= schema
exports.modelNames = () => Object.keys(models).sort()
