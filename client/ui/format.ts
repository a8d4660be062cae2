import { dayOf } from '../platform/day.ts'

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY_MS = 86_400_000

/** `348`, `1.3k`, `200k`, `1.2M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens)
  if (tokens < 1_000_000) return `${trimmed(tokens / 1_000)}k`
  return `${trimmed(tokens / 1_000_000)}M`
}

/** `1,284`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `412 ms`, `6.1s`, `3m`, `2h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)}s`
  if (durationMs < 3_600_000) return `${Math.round(durationMs / 60_000)}m`
  return `${Math.round(durationMs / 3_600_000)}h`
}

/** `14:05`. */
export function formatClock(timeMs: number): string {
  const date = new Date(timeMs)
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** The time of a row that stands under the rule of its day: `now`, `14:05`. */
export function formatTime(timeMs: number, nowMs: number): string {
  return nowMs - timeMs < 60_000 ? 'now' : formatClock(timeMs)
}

/** When a row was last touched: `14:05` today and yesterday, `sun` within a week, else `11 sep`. */
export function formatWhen(timeMs: number, nowMs: number): string {
  if (dayOf(timeMs) === dayOf(nowMs) || dayOf(timeMs) === dayOf(nowMs - DAY_MS)) return formatTime(timeMs, nowMs)
  return dayWords(timeMs, nowMs)
}

/** The words of a day's rule: `today`, `yesterday`, `mon 17 nov`, `17 nov 2025`. */
export function formatDay(timeMs: number, nowMs: number): string {
  if (dayOf(timeMs) === dayOf(nowMs)) return 'today'
  if (dayOf(timeMs) === dayOf(nowMs - DAY_MS)) return 'yesterday'
  const date = new Date(timeMs)
  const dayAndMonth = `${date.getDate()} ${MONTHS[date.getMonth()]}`
  const isThisYear = date.getFullYear() === new Date(nowMs).getFullYear()
  return isThisYear ? `${WEEKDAYS[date.getDay()]} ${dayAndMonth}` : `${dayAndMonth} ${date.getFullYear()}`
}

/** A day without its year: `12 nov`. */
export function formatShortDay(timeMs: number): string {
  const date = new Date(timeMs)
  return `${date.getDate()} ${MONTHS[date.getMonth()]}`
}

/** A local month `YYYY-MM` as a word, with its year where that is not this one's: `nov`, `nov 2025`. */
export function formatMonth(month: string, nowMs: number): string {
  const [year, number] = month.split('-').map(Number)
  const word = MONTHS[(number ?? 1) - 1] ?? ''
  return year === new Date(nowMs).getFullYear() ? word : `${word} ${year}`
}

/** A model as people say it: the part behind the provider, without a date stamp. */
export function shortModel(modelId: string | null): string {
  if (modelId === null) return 'no model'
  const name = modelId.slice(modelId.indexOf('/') + 1)
  return name.replace(/^claude-/, '').replace(/-(20\d{6}|20\d\d-\d\d-\d\d)$/, '')
}

/** Dollars per million tokens as the picker shows them: `3`, `.25`, `0.075` as `.075`. */
export function formatPrice(usdPerMillion: number): string {
  return String(Number(usdPerMillion.toPrecision(3))).replace(/^0\./, '.')
}

function dayWords(timeMs: number, nowMs: number): string {
  const date = new Date(timeMs)
  if (nowMs - timeMs < 6 * DAY_MS) return WEEKDAYS[date.getDay()] ?? ''
  const words = `${date.getDate()} ${MONTHS[date.getMonth()]}`
  return date.getFullYear() === new Date(nowMs).getFullYear() ? words : `${words} ${date.getFullYear()}`
}

function trimmed(value: number): string {
  return value < 100 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value))
}
