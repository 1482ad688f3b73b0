import { DateTime, Duration, Interval } from 'luxon'

export const handler = async ({ at, zone, locale }) => {
  const time = DateTime.fromISO(at, { zone })
  return { local: time.setLocale(locale).toLocaleString(DateTime.DATE_HUGE), offset: time.offset, summer: time.isInDST, week: time.toISOWeekDate(), human: Duration.fromObject({ hours: 25.5 }).shiftTo('days', 'hours', 'minutes').toHuman(), days: Interval.after(time, { days: 3 }).splitBy({ days: 1 }).length }
}
