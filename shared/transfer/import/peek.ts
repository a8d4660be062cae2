/** A member of an object of unknown make; undefined where there is none. Never one that every object inherits. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}

/** A member further in. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(field, value)
}

/** A text that says something, else null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** An id as a text; some programs count. */
export function idOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : textOf(value)
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of an object, in the order of the file. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

/** Seconds since 1970 as whole milliseconds. */
export function secondsOf(value: unknown): number | null {
  const seconds = numberOf(value)
  return seconds === null ? null : timeOf(Math.round(seconds * 1000))
}

/** Milliseconds since 1970; also as digits in a text. */
export function millisecondsOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : numberOf(value)
  return number === null ? null : timeOf(Math.round(number))
}

/** A point in time as ISO 8601 text. */
export function isoTimeOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return null
  return timeOf(Date.parse(value))
}

/** The last moment of the year 9999: whatever lies behind it is a wrong unit. */
const LAST_TIME = 253_402_300_799_999

function timeOf(milliseconds: number): number | null {
  return milliseconds > 0 && milliseconds <= LAST_TIME ? milliseconds : null
}
