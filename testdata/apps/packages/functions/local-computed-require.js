'use strict'
// Which module is required is only known when it is asked for.
const handlers = {}
const load = (name) => (handlers[name] ??= require('./handlers/' + name))

exports.handler = async ({ steps }) => steps.map(({ action, order }) => {
  try { return load(action)(order) } catch (e) { return e.code }
})
