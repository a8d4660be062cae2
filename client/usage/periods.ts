import { dayOf, dayStartMs, monthStartMs } from '../platform/day.ts'

/** A stretch of time from `fromMs` to just before `toMs`. */
export type Period = { readonly fromMs: number; readonly toMs: number }

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/

/** The local month `YYYY-MM` of a time. */
export function monthOf(timeMs: number): string {
  return dayOf(timeMs).slice(0, 7)
}

/** The local month that `YYYY-MM` names; null for anything else. */
export function parseMonth(text: string | null): Period | null {
  const [, year, month] = MONTH.exec(text ?? '') ?? []
  if (year === undefined || month === undefined) return null
  const first = new Date(Number(year), Number(month) - 1, 1)
  return { fromMs: first.getTime(), toMs: new Date(first.getFullYear(), first.getMonth() + 1, 1).getTime() }
}

/** The months from one time to another, the newest first. */
export function monthsBetween(fromMs: number, toMs: number): readonly string[] {
  const months: string[] = []
  for (let start = monthStartMs(toMs); start >= monthStartMs(fromMs); start = monthStartMs(start - 1)) {
    months.push(monthOf(start))
  }
  return months
}

/** The local midnights of a period's days, in order. */
export function daysOf({ fromMs, toMs }: Period): readonly number[] {
  const days: number[] = []
  for (let day = dayStartMs(fromMs); day < toMs; day = nextDay(day)) days.push(day)
  return days
}

/** The last `count` days, of which the day of `nowMs` is the last. */
export function lastDays(nowMs: number, count: number): Period {
  const today = dayStartMs(nowMs)
  return { fromMs: new Date(today).setDate(new Date(today).getDate() - count + 1), toMs: nextDay(today) }
}

/** `dayOf` for many times in their order: a day's bounds are found once. */
export function createDayNamer(): (timeMs: number) => string {
  let start = 0
  let end = 0
  let name = ''
  return timeMs => {
    if (timeMs < start || timeMs >= end) {
      start = dayStartMs(timeMs)
      end = nextDay(start)
      name = dayOf(timeMs)
    }
    return name
  }
}

function nextDay(dayMs: number): number {
  return new Date(dayMs).setDate(new Date(dayMs).getDate() + 1)
}
