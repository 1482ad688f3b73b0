exports.ref = x => ({ value: x })
