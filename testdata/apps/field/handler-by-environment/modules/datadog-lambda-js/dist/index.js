exports.mark = () => { globalThis.wrapped = true }
