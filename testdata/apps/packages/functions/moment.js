'use strict'
// moment requires its locales as './locale/' + name when they are first used.
const moment = require('moment')

exports.handler = async ({ at, languages }) => languages.map((language) => {
  const time = moment.utc(at).locale(language)
  return { language: time.locale(), long: time.format('LLLL'), calendar: time.clone().add(1, 'day').calendar(time), ordinal: time.format('Do'), left: moment.duration(90, 'minutes').locale(language).humanize() }
})
