import type { RandomBytes } from './clock.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A UUIDv7 (RFC 9562): 48 bits of milliseconds, then 74 random bits, so ids sort by the time they were made. */
export function makeId(nowMs: number, randomBytes: RandomBytes): string {
  const bytes = randomBytes(16)
  let time = nowMs
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256
    time = Math.floor(time / 256)
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** True for a lower-case UUID of any version 1 to 8, which is what every id on the wire must be. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}
