'use strict'
// `#sub/*` is in the "imports" of this package.json.
const apply = (name, ...args) => require('#sub/' + name)(...args)

exports.handler = async ({ sums }) => sums.map(([name, ...args]) => apply(name, ...args))
