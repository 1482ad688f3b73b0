import { DateTime } from 'luxon'

/** The last day to pay on: two weeks on, and never a Sunday. */
export function due(date: string): string {
  const day = DateTime.fromISO(date, { zone: 'Europe/Berlin' }).plus({ weeks: 2 })
  return (day.weekday === 7 ? day.plus({ days: 1 }) : day).toISODate()!
}
