module.exports = (() => {
  for (const way of ['./ways/native', './ways/plain']) {
    try {
      return require(way)
    } catch {
      // the next one
    }
  }
})()
