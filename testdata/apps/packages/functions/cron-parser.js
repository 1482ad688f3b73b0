'use strict'
const { CronExpressionParser } = require('cron-parser')

exports.handler = async ({ expression, from, tz }) => {
  const interval = CronExpressionParser.parse(expression, { currentDate: from, tz })
  return { next: interval.take(3).map((d) => d.toISOString()), previous: interval.prev().toISOString(), normal: interval.stringify() }
}
