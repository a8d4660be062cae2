/** Bytes that grow at their end. */
export interface ByteWriter {
  readonly length: number
  /** A whole number from 0 up to 2^32 - 1 in one to five bytes. */
  varint(value: number): void
  append(bytes: Uint8Array, from?: number, to?: number): void
  clear(): void
  /** What was written, until the next write. */
  view(): Uint8Array<ArrayBuffer>
}

const FIRST_SIZE = 1024

export function createByteWriter(): ByteWriter {
  let bytes = new Uint8Array(FIRST_SIZE)
  let length = 0

  function makeRoom(more: number): void {
    if (length + more <= bytes.length) return
    const larger = new Uint8Array(Math.max(bytes.length * 2, length + more))
    larger.set(bytes)
    bytes = larger
  }

  return {
    get length() {
      return length
    },
    varint(value) {
      makeRoom(5)
      let rest = value
      while (rest > 127) {
        bytes[length++] = (rest & 127) | 128
        rest >>>= 7
      }
      bytes[length++] = rest
    },
    append(added, from = 0, to = added.length) {
      makeRoom(to - from)
      bytes.set(from === 0 && to === added.length ? added : added.subarray(from, to), length)
      length += to - from
    },
    clear() {
      length = 0
    },
    view: () => bytes.subarray(0, length),
  }
}
