module.exports = function () {
  const entries = []
  return {
    add (name, data) { entries.push(data.length) },
    size () { totalEntries = 0; for (index in entries) totalEntries += entries[index]; return totalEntries }
  }
}
