import * as R from 'ramda'

const total = R.lensPath(['sum', 'total'])

export const handler = async ({ orders }) => ({
  best: R.pipe(R.sortWith([R.descend(R.view(total)), R.ascend(R.prop('id'))]), R.take(2), R.pluck('id'))(orders),
  raised: R.map(R.over(total, R.multiply(2)), orders)[0],
  counted: R.countBy(R.pipe(R.view(total), R.gt(R.__, 10), String), orders),
  curried: R.curry((a, b, c) => a + b + c)(1)(2)(3)
})
