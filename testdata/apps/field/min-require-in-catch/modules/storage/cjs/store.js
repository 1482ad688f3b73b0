exports.value = 5
