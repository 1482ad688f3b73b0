'use strict'
// The whole of lodash, one of its files and its functional twin, in one function.
const _ = require('lodash')
const debounce = require('lodash/debounce')
const fp = require('lodash/fp')

exports.handler = async ({ people }) => ({
  by: _.chain(people).groupBy('city').mapValues((list) => _.sumBy(list, 'n')).value(),
  merged: _.merge({}, ...people.map((p) => ({ [p.city]: { [p.name]: p.n } }))),
  template: _.template('<% _.each(names, (n) => { %><b><%- n %></b><% }) %>')({ names: _.map(people, 'name') }),
  fp: fp.flow(fp.filter(({ n }) => n > 1), fp.map('name'), fp.join('+'))(people),
  apart: debounce !== _.debounce && typeof debounce(_.noop, 1).cancel
})
