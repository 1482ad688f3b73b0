exports.by = 10
