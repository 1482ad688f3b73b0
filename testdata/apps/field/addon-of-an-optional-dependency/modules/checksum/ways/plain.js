module.exports = { of: list => list.reduce((a, b) => a + b), by: 'plain' }
