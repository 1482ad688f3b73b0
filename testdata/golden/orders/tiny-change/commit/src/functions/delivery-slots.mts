import { DateTime, Interval } from 'luxon'
import { v5 as uuid } from 'uuid'

// Its own module, since the planning team replaces it every month.
const { default: depots } = await import('@domain/depots.json')

interface Question {
  depot: keyof typeof depots
  orderedAt: string
  locale?: string
  count?: number
}

interface Slot {
  id: string
  label: string
  interval: string
  hours: number
}

/** The next delivery slots, mornings and evenings, in the depot's own time. */
export async function handler({ depot, orderedAt, locale = 'de', count = 6 }: Question): Promise<Slot[]> {
  const { zone, cutoff, days, closed } = depots[depot]
  const ordered = DateTime.fromISO(orderedAt, { zone })
  let day = ordered.startOf('day').plus({ days: ordered.hour < cutoff ? 1 : 2 })
  const slots: Slot[] = []
  for (; slots.length < count; day = day.plus({ days: 1 })) {
    if (!days.includes(day.weekday) || closed.includes(day.toISODate()!)) continue
    for (const [from, to] of [[8, 12], [17, 21]] as const) {
      const interval = Interval.fromDateTimes(day.set({ hour: from }), day.set({ hour: to }))
      slots.push({
        // Asking again gives the same ids, so that a booked slot can be told from a free one.
        id: uuid(`${depot}/${interval.start!.toMillis()}`, uuid.DNS),
        label: `${day.setLocale(locale).toLocaleString({ weekday: 'long', day: 'numeric', month: 'short' })}, ${from}–${to}`,
        interval: interval.toISO({ suppressMilliseconds: true }),
        hours: interval.length('hours'),
      })
    }
  }
  return slots.slice(0, count)
}
