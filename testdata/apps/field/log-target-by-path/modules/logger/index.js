module.exports = o => {
  const targets = o.transport.targets.map(t => require(t.target).default(t.options))
  return { info: async text => targets.forEach(write => write(text)) }
}
