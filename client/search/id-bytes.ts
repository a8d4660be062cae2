/** Bytes of an id. */
export const ID_BYTES = 16

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes a UUID as its 16 bytes, which are ordered as the text is. */
export function writeId(bytes: Uint8Array, at: number, id: string): void {
  let place = at
  for (let index = 0; index < id.length; index += 2) {
    if (id[index] === '-') index++
    bytes[place++] = Number.parseInt(id.slice(index, index + 2), 16)
  }
}

export function readId(bytes: Uint8Array, at: number): string {
  let id = ''
  for (let index = 0; index < ID_BYTES; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) id += '-'
    id += HEX[bytes[at + index] ?? 0]
  }
  return id
}

/** Below, at or above zero like the order of the two ids as texts. */
export function compareIds(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number): number {
  for (let index = 0; index < ID_BYTES; index++) {
    const difference = (left[leftAt + index] ?? 0) - (right[rightAt + index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
