import { ID_BYTES } from './id-bytes.ts'

/** Rises whenever the bytes of a segment or the words of a text change: what an older version wrote is then built anew. */
export const INDEX_VERSION = 1

/** How many there are of each thing in a segment. */
export type SegmentCounts = {
  readonly docs: number
  readonly conversations: number
  readonly terms: number
  /** Bytes of the models' names as JSON, of the terms, and of the postings. */
  readonly modelBytes: number
  readonly termBytes: number
  readonly postingBytes: number
}

/** Where each part of a segment begins, in bytes. Everything before `postings` is kept in memory, the rest is read when it is asked for. */
export type SegmentLayout = SegmentCounts & {
  readonly created: number
  readonly byId: number
  readonly conversationOf: number
  readonly facts: number
  readonly messageIds: number
  readonly conversationIds: number
  readonly termStarts: number
  readonly postingEnds: number
  readonly models: number
  readonly termText: number
  readonly postings: number
  readonly size: number
}

const MAGIC = 0x6c6c6d72
const HEADER_NUMBERS = 10
/** The first bytes of a segment, which say where the others stand. */
export const HEADER_BYTES = HEADER_NUMBERS * 4

export function layOut(counts: SegmentCounts): SegmentLayout {
  let at = HEADER_BYTES
  const place = (bytes: number): number => {
    const begin = at
    // Numbers of eight bytes are read in place, and stand at multiples of it.
    at = Math.ceil((at + bytes) / 8) * 8
    return begin
  }
  const { docs, conversations, terms, modelBytes, termBytes, postingBytes } = counts
  return {
    ...counts,
    created: place(docs * 8),
    byId: place(docs * 4),
    conversationOf: place(docs * 4),
    facts: place(docs * 4),
    messageIds: place(docs * ID_BYTES),
    conversationIds: place(conversations * ID_BYTES),
    termStarts: place((terms + 1) * 4),
    postingEnds: place(terms * 4),
    models: place(modelBytes),
    termText: place(termBytes),
    postings: place(postingBytes),
    size: at,
  }
}

/** Writes the header; the checksums are over what stands behind it and before the postings, and over the postings. */
export function writeHeader(bytes: Uint8Array<ArrayBuffer>, layout: SegmentLayout): void {
  const { docs, conversations, terms, modelBytes, termBytes, postingBytes, postings, size } = layout
  const resident = checksum(bytes.subarray(HEADER_BYTES, postings))
  const rest = checksum(bytes.subarray(postings, size))
  const numbers = [docs, conversations, terms, modelBytes, termBytes, postingBytes, resident, rest]
  new Uint32Array(bytes.buffer, 0, HEADER_NUMBERS).set([MAGIC, INDEX_VERSION, ...numbers])
}

export type SegmentHeader = {
  readonly layout: SegmentLayout
  readonly residentChecksum: number
  readonly postingsChecksum: number
}

/** Null for bytes that are no segment of this version. */
export function readHeader(bytes: Uint8Array): SegmentHeader | null {
  if (bytes.length < HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const number = (index: number): number => view.getUint32(index * 4, true)
  if (number(0) !== MAGIC || number(1) !== INDEX_VERSION) return null
  const layout = layOut({
    docs: number(2),
    conversations: number(3),
    terms: number(4),
    modelBytes: number(5),
    termBytes: number(6),
    postingBytes: number(7),
  })
  return { layout, residentChecksum: number(8), postingsChecksum: number(9) }
}

/** FNV-1a over whole words of four bytes: every part is filled up to eight. `seed` goes on from an earlier stretch. */
export function checksum(bytes: Uint8Array, seed = 0x811c9dc5): number {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4))
  let hash = seed
  for (let index = 0; index < words.length; index++) hash = Math.imul(hash ^ (words[index] ?? 0), 0x01000193)
  return hash >>> 0
}
