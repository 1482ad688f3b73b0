const path = require('path')
module.exports = () => {
  const settings = {}
  return {
    set: (name, value) => { settings[name] = value },
    render(view, values) {
      const mod = settings['view engine']
      const engine = require(mod)
      return engine.__express(path.join(settings.views, view + '.' + mod), values)
    },
  }
}
