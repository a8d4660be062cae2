import { BLOCK_DOCS } from './term-encoder.ts'

/** Behind the last document. */
export const NO_DOC = 0xffffffff

/** Goes through documents in rising order. */
export interface DocCursor {
  /** Where it stands; `NO_DOC` at the end. */
  readonly doc: number
  next(): void
  /** Goes on to the first document that is not before `target`, over whole blocks where it can. */
  seek(target: number): void
}

/** Goes through the documents of one term. */
export interface PostingCursor extends DocCursor {
  /** How many documents hold the term. */
  readonly count: number
  /** The positions of the term in this document, in rising order. */
  positions(): number[]
  /** The same as they are encoded, in the bytes this was made of. */
  encodedPositions(): readonly [from: number, to: number]
}

/** A cursor on its first document, over what a `TermEncoder` wrote. Bytes that are cut off end it early. */
export function createPostingCursor(bytes: Uint8Array): PostingCursor {
  let at = 0
  let left = 0
  const count = varint()
  left = count
  // Most terms are rare, and a query for the beginning of one opens thousands of them.
  const docs = new Uint32Array(Math.min(count, BLOCK_DOCS))
  let inBlock = 0
  let index = 0
  let doc = 0
  let lastOfBlock = 0
  /** Where the positions of the document `placed` of this block begin. */
  let place = 0
  let placed = 0
  let blockEnd = at

  function varint(): number {
    let value = 0
    let shift = 0
    for (let byte = bytes[at++]; byte !== undefined; byte = bytes[at++]) {
      value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
      shift += 7
    }
    left = 0
    return 0
  }

  /** Enters the next block, or goes past it when it ends before `target`. */
  function enterBlock(target: number): void {
    at = blockEnd
    while (left > 0) {
      const before = lastOfBlock
      lastOfBlock += varint()
      const docBytes = varint()
      const positionBytes = varint()
      inBlock = Math.min(left, BLOCK_DOCS)
      left -= inBlock
      blockEnd = at + docBytes + positionBytes
      if (lastOfBlock >= target) {
        decodeBlock(before, docBytes)
        return
      }
      at = blockEnd
    }
    doc = NO_DOC
  }

  function decodeBlock(before: number, docBytes: number): void {
    place = at + docBytes
    placed = 0
    let current = before
    for (let each = 0; each < inBlock; each++) {
      current += varint()
      docs[each] = current
    }
    index = 0
    doc = docs[0] ?? NO_DOC
  }

  function next(): void {
    if (doc === NO_DOC) return
    if (++index < inBlock) doc = docs[index] ?? NO_DOC
    else enterBlock(0)
  }

  /** Puts `at` before the positions of this document. */
  function goToPositions(): void {
    at = place
    while (placed < index) {
      skip(varint())
      placed++
    }
    place = at
  }

  function skip(numbers: number): void {
    for (let rest = numbers; rest > 0; at++) if ((bytes[at] ?? 0) < 128) rest--
  }

  enterBlock(0)
  return {
    get doc() {
      return doc
    },
    count,
    next,
    seek(target) {
      if (doc >= target) return
      if (lastOfBlock < target) enterBlock(target)
      while (doc < target) next()
    },
    positions() {
      goToPositions()
      const found: number[] = []
      let position = 0
      for (let rest = varint(); rest > 0; rest--) {
        position += varint()
        found.push(position)
      }
      return found
    },
    encodedPositions() {
      goToPositions()
      const from = at
      skip(varint())
      return [from, at]
    },
  }
}
