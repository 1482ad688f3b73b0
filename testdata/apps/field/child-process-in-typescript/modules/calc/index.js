exports.times = (a, b) => a * b
