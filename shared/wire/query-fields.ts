import * as v from 'valibot'

/** A whole number in a query string. */
export function wholeNumberParameter(least: number, most: number) {
  const right = `a whole number from ${least} to ${most}`
  return v.pipe(
    v.string(right),
    v.regex(/^\d{1,16}$/, right),
    v.transform(Number),
    v.minValue(least, right),
    v.maxValue(most, right),
  )
}

const TIME = 'milliseconds since 1970, or a date like 2026-11-23'

/** A point in time in a query string: milliseconds, or a UTC date. */
export const timeParameter = v.pipe(
  v.string(TIME),
  v.regex(/^(\d{1,15}|\d{4}-\d\d-\d\d)$/, TIME),
  v.check(text => !text.includes('-') || isDate(text), TIME),
  v.transform(text => (text.includes('-') ? startOfDay(text) : Number(text))),
)

/** False for a 31st of February too, which the parser would take for a day of March. */
function isDate(text: string): boolean {
  const time = startOfDay(text)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}

function startOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}
