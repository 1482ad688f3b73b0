exports.by = 1
