/** The local day of a time as `YYYY-MM-DD`. */
export function dayOf(timeMs: number): string {
  const date = new Date(timeMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The local midnight that a time's day began with. */
export function dayStartMs(timeMs: number): number {
  return new Date(timeMs).setHours(0, 0, 0, 0)
}

/** The local midnight that a time's month began with. */
export function monthStartMs(timeMs: number): number {
  return new Date(dayStartMs(timeMs)).setDate(1)
}

/** The time zone of this device, as `Europe/Berlin`. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
