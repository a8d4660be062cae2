/**
 * DER, the encoding of certificates (ITU-T X.690): each value is a tag, a length and the bytes.
 *
 *     30 06 | 02 01 05 | 01 01 ff      SEQUENCE { INTEGER 5, BOOLEAN true }
 *     ^tag ^length of all that follows
 */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content])
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
export const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts)
export const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0x00]))
export const octetString = (bytes: Uint8Array) => der(0x04, bytes)
export const utf8String = (text: string) => der(0x0c, Buffer.from(text))

/** A whole number that is not negative, most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex(byte => byte !== 0)
  const trimmed = first === -1 ? new Uint8Array(1) : bytes.subarray(first)
  // A leading one bit would make it negative.
  return (trimmed[0] ?? 0) < 0x80 ? der(0x02, trimmed) : der(0x02, new Uint8Array(1), trimmed)
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes)
}

/** `2.5.29.15`; the first two numbers share a byte, the others are base 128. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A moment, in seconds: two digits for years before 2050, four from then on, as RFC 5280 §4.1.2.5 asks. */
export function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  return Number(digits.slice(0, 4)) < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff)
  return [0x80 | bytes.length, ...bytes]
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}
