import { type DocCursor, NO_DOC } from './posting-cursor.ts'
import { BLOCK_DOCS } from './term-encoder.ts'

/** The documents of many rare terms as one: a cursor for each of thousands costs more than all that they hold. */
export interface DocSet {
  /** Takes in what a `TermEncoder` wrote of one term; false where that is no rare one. */
  take(bytes: Uint8Array): boolean
  cursor(): DocCursor
}

/** For documents below `size`. */
export function createDocSet(size: number): DocSet {
  const bits = new Uint32Array(Math.ceil(size / 32))
  let source: Uint8Array = new Uint8Array()
  let at = 0

  function varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = source[at++] ?? 0
      value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
    }
  }

  /** The first document from `from` on. */
  function firstFrom(from: number): number {
    for (let index = from >>> 5; index < bits.length; index++) {
      const word = (bits[index] ?? 0) & (index === from >>> 5 ? -1 << (from & 31) : -1)
      if (word !== 0) return index * 32 + 31 - Math.clz32(word & -word)
    }
    return NO_DOC
  }

  return {
    take(bytes) {
      source = bytes
      at = 0
      const count = varint()
      if (count > BLOCK_DOCS) return false
      // The head of its only block: its last document, the bytes of documents and of positions.
      for (let skipped = 0; skipped < 3; skipped++) varint()
      let doc = 0
      for (let rest = count; rest > 0; rest--) {
        doc += varint()
        bits[doc >>> 5] = (bits[doc >>> 5] ?? 0) | (1 << (doc & 31))
      }
      return true
    },
    cursor() {
      let doc = firstFrom(0)
      return {
        get doc() {
          return doc
        },
        next() {
          if (doc !== NO_DOC) doc = firstFrom(doc + 1)
        },
        seek(target) {
          if (doc < target) doc = firstFrom(target)
        },
      }
    },
  }
}
