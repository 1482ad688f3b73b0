var await = 1
function f(await) { return await + 1 }
module.exports = [await, f(await), { await }]
