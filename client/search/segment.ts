import { createDocSet } from './doc-set.ts'
import { compareIds, ID_BYTES, readId } from './id-bytes.ts'
import type { IndexFile } from './index-files.ts'
import { type MessageFacts, unpackFacts } from './indexed-message.ts'
import { createPostingCursor, type DocCursor, type PostingCursor } from './posting-cursor.ts'
import { checksum, HEADER_BYTES, readHeader, type SegmentLayout } from './segment-layout.ts'

/** A part of the index that is never changed: some messages, newest first, and where each word stands in them. */
export interface Segment {
  readonly docs: number
  readonly conversations: number
  readonly bytes: number
  /** Terms by their place in the order of characters, as [from, to). */
  termsOf(word: string, isPrefix: boolean): readonly [from: number, to: number]
  /** The terms that hold these letters anywhere inside. */
  termsAround(letters: string): readonly number[]
  readonly termCount: number
  term(place: number): string
  /** The terms from one place up to before another. */
  cursors(from: number, to: number): readonly PostingCursor[]
  /** The documents of terms here and there, their places rising. There may be fewer cursors than terms. */
  docsOf(places: readonly number[]): readonly DocCursor[]
  /** The postings of one term, as a `TermEncoder` wrote them. */
  postingsOf(term: number): Uint8Array
  /** The place of a message, -1 where it is not here. */
  find(id: Uint8Array): number
  messageId(doc: number): string
  messageIdBytes(doc: number): Uint8Array
  createdAt(doc: number): number
  /** The place of the conversation in this segment's list. */
  conversationOf(doc: number): number
  conversationId(place: number): string
  facts(doc: number): MessageFacts
  /** Reads all postings again, a stretch at a step; returns false when they are not what was written. */
  verify(): Generator<undefined, boolean>
  /** The whole of it as it stands in its file. */
  read(): Uint8Array<ArrayBuffer>
  close(): void
}

const NEAR_BYTES = 32_768
const MANY_TERMS = 16
const VERIFY_BYTES = 1 << 20

/** Opens a segment; null when the bytes are damaged, cut off or of another version. */
export function openSegment(file: IndexFile): Segment | null {
  const header = readHeader(file.read(0, HEADER_BYTES))
  if (header === null || header.layout.size !== file.size) return null
  const { layout } = header
  const bytes = file.read(0, layout.postings)
  if (checksum(bytes.subarray(HEADER_BYTES)) !== header.residentChecksum) return null
  const terms = readTerms(bytes, layout)
  const docs = readDocs(bytes, layout)
  const ends = new Uint32Array(bytes.buffer, bytes.byteOffset + layout.postingEnds, layout.terms)
  const startOf = (term: number): number => (term === 0 ? 0 : (ends[term - 1] ?? 0))

  /** Terms that lie near each other are read at once: a read costs more than some thousand bytes that nobody needs. */
  function read(places: readonly number[], take: (postings: Uint8Array) => void): void {
    for (let first = 0; first < places.length; ) {
      let last = first
      while (isNear(places[last], places[last + 1])) last++
      const begin = startOf(places[first] ?? 0)
      const stretch = file.read(layout.postings + begin, (ends[places[last] ?? 0] ?? 0) - begin)
      for (; first <= last; first++) {
        const place = places[first] ?? 0
        take(stretch.subarray(startOf(place) - begin, (ends[place] ?? 0) - begin))
      }
    }
  }

  function cursorsOf(places: readonly number[]): readonly PostingCursor[] {
    const cursors: PostingCursor[] = []
    read(places, postings => cursors.push(createPostingCursor(postings)))
    return cursors
  }

  function docsOf(places: readonly number[]): readonly DocCursor[] {
    if (places.length < MANY_TERMS) return cursorsOf(places)
    const rare = createDocSet(layout.docs)
    const cursors: DocCursor[] = []
    read(places, postings => {
      if (!rare.take(postings)) cursors.push(createPostingCursor(postings))
    })
    return [...cursors, rare.cursor()]
  }

  function isNear(place = 0, next = -1): boolean {
    return next >= 0 && startOf(next) - (ends[place] ?? 0) <= NEAR_BYTES
  }

  return {
    ...docs,
    ...terms,
    bytes: layout.size,
    cursors: (from, to) => cursorsOf(Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)),
    docsOf,
    postingsOf: term => file.read(layout.postings + startOf(term), (ends[term] ?? 0) - startOf(term)),
    *verify() {
      let hash: number | undefined
      for (let at = layout.postings; at < layout.size; at += VERIFY_BYTES) {
        hash = checksum(file.read(at, Math.min(VERIFY_BYTES, layout.size - at)), hash)
        yield
      }
      return layout.size === layout.postings || hash === header.postingsChecksum
    },
    read: () => file.read(0, layout.size),
    close: () => file.close(),
  }
}

function readTerms(bytes: Uint8Array<ArrayBuffer>, layout: SegmentLayout) {
  const text = new TextDecoder().decode(bytes.subarray(layout.termText, layout.termText + layout.termBytes))
  const starts = new Uint32Array(bytes.buffer, bytes.byteOffset + layout.termStarts, layout.terms + 1)
  const term = (place: number): string => text.slice(starts[place], (starts[place + 1] ?? 1) - 1)

  /** The first term for which `isBehind` holds, which it does for all terms from some place on. */
  function firstTerm(isBehind: (term: string) => boolean): number {
    let [low, high] = [0, layout.terms]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBehind(term(middle))) high = middle
      else low = middle + 1
    }
    return low
  }

  function placeAt(index: number): number {
    let [low, high] = [0, layout.terms]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle + 1] ?? 0) > index) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    termCount: layout.terms,
    term,
    termsOf(word: string, isPrefix: boolean): readonly [number, number] {
      const from = firstTerm(found => found >= word)
      if (!isPrefix) return [from, term(from) === word ? from + 1 : from]
      return [from, firstTerm(found => found > word && !found.startsWith(word))]
    },
    termsAround(letters: string): readonly number[] {
      const places: number[] = []
      for (let index = text.indexOf(letters); index >= 0; ) {
        const place = placeAt(index)
        places.push(place)
        index = text.indexOf(letters, starts[place + 1])
      }
      return places
    },
  }
}

function readDocs(bytes: Uint8Array<ArrayBuffer>, layout: SegmentLayout) {
  const { docs, conversations, messageIds, conversationIds } = layout
  const base = bytes.byteOffset
  const created = new Float64Array(bytes.buffer, base + layout.created, docs)
  const byId = new Uint32Array(bytes.buffer, base + layout.byId, docs)
  const conversationOf = new Uint32Array(bytes.buffer, base + layout.conversationOf, docs)
  const packed = new Uint32Array(bytes.buffer, base + layout.facts, docs)
  const models = readModels(bytes.subarray(layout.models, layout.models + layout.modelBytes))
  const messageIdAt = (doc: number): number => messageIds + doc * ID_BYTES
  const conversationId = (place: number): string => readId(bytes, conversationIds + place * ID_BYTES)
  return {
    docs,
    conversations,
    find(id: Uint8Array): number {
      let [low, high] = [0, docs]
      // Most that is looked for is newer than all that is here.
      const last = byId[docs - 1] ?? 0
      if (docs === 0 || compareIds(bytes, messageIdAt(last), id, 0) < 0) return -1
      while (low < high) {
        const middle = (low + high) >>> 1
        if (compareIds(bytes, messageIdAt(byId[middle] ?? 0), id, 0) >= 0) high = middle
        else low = middle + 1
      }
      const doc = byId[low]
      return doc !== undefined && compareIds(bytes, messageIdAt(doc), id, 0) === 0 ? doc : -1
    },
    messageId: (doc: number) => readId(bytes, messageIdAt(doc)),
    messageIdBytes: (doc: number) => bytes.subarray(messageIdAt(doc), messageIdAt(doc) + ID_BYTES),
    createdAt: (doc: number) => created[doc] ?? 0,
    conversationOf: (doc: number) => conversationOf[doc] ?? 0,
    conversationId,
    facts(doc: number): MessageFacts {
      const { role, hasCode, hasImage, model } = unpackFacts(packed[doc] ?? 0)
      return {
        id: readId(bytes, messageIdAt(doc)),
        conversationId: conversationId(conversationOf[doc] ?? 0),
        createdAtMs: created[doc] ?? 0,
        role,
        model: models[model - 1] ?? null,
        hasCode,
        hasImage,
      }
    },
  }
}

function readModels(bytes: Uint8Array<ArrayBuffer>): readonly string[] {
  const models: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return Array.isArray(models) ? models.map(String) : []
}
