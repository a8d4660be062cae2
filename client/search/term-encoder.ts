import { type ByteWriter, createByteWriter } from './byte-writer.ts'

/** Documents of one block: what is skipped, or decoded, at once. */
export const BLOCK_DOCS = 128

/**
 * Writes where one term stands, document by document in rising order.
 *
 *     documents, then for each block of 128 of them:
 *     last document | bytes of documents | bytes of positions | documents … | count, positions …; count, positions …
 *
 * Documents and positions are differences to what stands before them.
 */
export interface TermEncoder {
  /** The positions in rising order: `positions[from]` up to before `positions[to]`. */
  add(doc: number, positions: Uint32Array, from: number, to: number): void
  /** The same with positions that are encoded already. */
  addEncoded(doc: number, bytes: Uint8Array, from: number, to: number): void
  /** Writes all that was added behind what `out` holds, and begins anew. */
  end(out: ByteWriter): void
}

export function createTermEncoder(): TermEncoder {
  const docs = createByteWriter()
  const positions = createByteWriter()
  const blocks = createByteWriter()
  let count = 0
  let inBlock = 0
  let lastDoc = 0
  let lastOfBlock = 0

  function closeBlock(): void {
    blocks.varint(lastDoc - lastOfBlock)
    blocks.varint(docs.length)
    blocks.varint(positions.length)
    blocks.append(docs.view())
    blocks.append(positions.view())
    docs.clear()
    positions.clear()
    lastOfBlock = lastDoc
    inBlock = 0
  }

  function addDoc(doc: number): void {
    if (inBlock === BLOCK_DOCS) closeBlock()
    docs.varint(doc - lastDoc)
    lastDoc = doc
    inBlock++
    count++
  }

  return {
    add(doc, found, from, to) {
      addDoc(doc)
      positions.varint(to - from)
      let last = 0
      for (let index = from; index < to; index++) {
        const position = found[index] ?? 0
        positions.varint(position - last)
        last = position
      }
    },
    addEncoded(doc, bytes, from, to) {
      addDoc(doc)
      positions.append(bytes, from, to)
    },
    end(out) {
      if (inBlock > 0) closeBlock()
      out.varint(count)
      out.append(blocks.view())
      blocks.clear()
      count = 0
      lastDoc = 0
      lastOfBlock = 0
    },
  }
}
