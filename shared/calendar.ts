/*
 * Days and months as a person's calendar has them, in a named time zone. A day begins at its first moment, which where the
 * clocks go forward at midnight is one o'clock.
 */

const DAY_MS = 86_400_000

/** The first moment of the day of a time. Throws RangeError for a time zone that this platform does not know. */
export function dayStartIn(timeZone: string, timeMs: number): number {
  const { year, month, day } = dateIn(timeZone, timeMs)
  return firstMoment(timeZone, year, month, day)
}

/** The first moment of the month of a time. Throws RangeError for a time zone that this platform does not know. */
export function monthStartIn(timeZone: string, timeMs: number): number {
  const { year, month } = dateIn(timeZone, timeMs)
  return firstMoment(timeZone, year, month, 1)
}

function firstMoment(timeZone: string, year: number, month: number, day: number): number {
  const midnightUtc = Date.UTC(year, month - 1, day)
  // The zone's offset changes at most once between the day before and the day after.
  const offsets = [offsetAt(timeZone, midnightUtc - DAY_MS), offsetAt(timeZone, midnightUtc + DAY_MS)]
  const candidates = offsets.map(offset => midnightUtc - offset).sort((left, right) => left - right)
  return candidates.find(time => dateIn(timeZone, time).day === day) ?? midnightUtc - (offsets[0] ?? 0)
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(timeZone: string, timeMs: number): number {
  const { year, month, day, hour, minute, second } = dateIn(timeZone, timeMs)
  const whole = Math.floor(timeMs / 1000) * 1000
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

type LocalDate = Readonly<Record<(typeof PARTS)[number], number>>

function dateIn(timeZone: string, timeMs: number): LocalDate {
  const date = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
  for (const { type, value } of dateFormat(timeZone).formatToParts(timeMs)) {
    const part = PARTS.find(name => name === type)
    if (part !== undefined) date[part] = Number(value)
  }
  return date
}

/** Making one takes longer than all that is done with it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
