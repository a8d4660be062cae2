import { compareHits } from '#shared/search-order.ts'
import { createByteWriter } from './byte-writer.ts'
import type { MessageFacts } from './indexed-message.ts'
import { createPostingCursor, NO_DOC, type PostingCursor } from './posting-cursor.ts'
import type { Segment } from './segment.ts'
import { createTermEncoder } from './term-encoder.ts'
import { writeSegment } from './write-segment.ts'

/** A segment and which of its documents are still current. */
export type MergeSource = { readonly segment: Segment; isDead(doc: number): boolean }

/** The bytes of the new segment, and where each document of each source went; -1 for those that were dead. */
export type Merged = { readonly bytes: Uint8Array<ArrayBuffer>; readonly moves: readonly Int32Array[] }

/** The documents of the new segment in their order: where each comes from. */
type Places = { readonly length: number; readonly sources: Uint16Array; readonly docs: Uint32Array }

const TERMS_A_STEP = 500

/** Makes one segment of several, in steps between which other work can be done. */
export function* mergeSegments(sources: readonly MergeSource[]): Generator<undefined, Merged> {
  const places = inOrder(sources)
  const moves = sources.map(({ segment }) => new Int32Array(segment.docs).fill(-1))
  for (let index = 0; index < places.length; index++) {
    const doc = places.docs[index] ?? 0
    moves[places.sources[index] ?? 0]?.fill(index, doc, doc + 1)
  }
  yield
  const terms: string[] = []
  const ends: number[] = []
  const out = createByteWriter()
  const encoder = createTermEncoder()
  for (const { term, holders } of unitedTerms(sources)) {
    if (terms.length % TERMS_A_STEP === TERMS_A_STEP - 1) yield
    if (!mergeTerm(holders, moves, encoder)) continue
    encoder.end(out)
    terms.push(term)
    ends.push(out.length)
  }
  yield
  const docs = { length: places.length, [Symbol.iterator]: () => factsOf(sources, places) }
  const bytes = writeSegment({ docs, terms, postings: out.view(), postingEnds: Uint32Array.from(ends) })
  return { bytes, moves }
}

/** Each source has its documents in order already. */
function inOrder(sources: readonly MergeSource[]): Places {
  const most = sources.reduce((sum, { segment }) => sum + segment.docs, 0)
  const [from, docs] = [new Uint16Array(most), new Uint32Array(most)]
  const next = sources.map(source => livingFrom(source, 0))
  let length = 0
  for (let first = firstOf(sources, next); first >= 0; first = firstOf(sources, next)) {
    const doc = next[first] ?? 0
    from[length] = first
    docs[length++] = doc
    const source = sources[first]
    if (source !== undefined) next[first] = livingFrom(source, doc + 1)
  }
  return { length, sources: from, docs }
}

function livingFrom({ segment, isDead }: MergeSource, from: number): number {
  let doc = from
  while (doc < segment.docs && isDead(doc)) doc++
  return doc
}

/** The source whose next document comes first; -1 when all are through. */
function firstOf(sources: readonly MergeSource[], next: readonly number[]): number {
  let first = -1
  for (const [index, { segment }] of sources.entries()) {
    const doc = next[index] ?? 0
    if (doc >= segment.docs) continue
    const other = sources[first]?.segment
    if (other === undefined || isBefore(segment, doc, { segment: other, doc: next[first] ?? 0 })) first = index
  }
  return first
}

function isBefore(segment: Segment, doc: number, other: { readonly segment: Segment; readonly doc: number }): boolean {
  const [left, right] = [segment.createdAt(doc), other.segment.createdAt(other.doc)]
  if (left !== right) return left > right
  const rank = (of: Segment, place: number) => ({ created_at: left, message_id: of.messageId(place) })
  return compareHits(rank(segment, doc), rank(other.segment, other.doc)) < 0
}

function* factsOf(sources: readonly MergeSource[], { length, sources: from, docs }: Places): Generator<MessageFacts> {
  for (let index = 0; index < length; index++) {
    const segment = sources[from[index] ?? 0]?.segment
    if (segment !== undefined) yield segment.facts(docs[index] ?? 0)
  }
}

type Holder = { readonly source: number; readonly postings: Uint8Array }

/** All terms in the order of their characters, each once, with the sources that hold it. */
function* unitedTerms(
  sources: readonly MergeSource[],
): Generator<{ readonly term: string; readonly holders: readonly Holder[] }> {
  const next = sources.map(() => 0)
  const heads = sources.map(({ segment }) => (segment.termCount > 0 ? segment.term(0) : null))
  while (true) {
    let least: string | null = null
    for (const head of heads) if (head !== null && (least === null || head < least)) least = head
    if (least === null) return
    const holders: Holder[] = []
    for (const [source, { segment }] of sources.entries()) {
      if (heads[source] !== least) continue
      const place = next[source] ?? 0
      holders.push({ source, postings: segment.postingsOf(place) })
      next[source] = place + 1
      heads[source] = place + 1 < segment.termCount ? segment.term(place + 1) : null
    }
    yield { term: least, holders }
  }
}

/** Goes through the current documents of a term in one source; `doc` is where they went. */
type Head = { readonly cursor: PostingCursor; readonly moved: Int32Array; readonly postings: Uint8Array; doc: number }

/** False when no current document holds the term. */
function mergeTerm(
  holders: readonly Holder[],
  moves: readonly Int32Array[],
  encoder: ReturnType<typeof createTermEncoder>,
): boolean {
  const heads = holders.map(({ source, postings }): Head => {
    const head = {
      cursor: createPostingCursor(postings),
      moved: moves[source] ?? new Int32Array(),
      postings,
      doc: NO_DOC,
    }
    settle(head)
    return head
  })
  let isHeld = false
  for (let head = foremost(heads); head !== undefined && head.doc !== NO_DOC; head = foremost(heads)) {
    encoder.addEncoded(head.doc, head.postings, ...head.cursor.encodedPositions())
    isHeld = true
    head.cursor.next()
    settle(head)
  }
  return isHeld
}

/** Goes on to the first document that is current. */
function settle(head: Head): void {
  const { cursor, moved } = head
  while (cursor.doc !== NO_DOC && (moved[cursor.doc] ?? -1) < 0) cursor.next()
  head.doc = cursor.doc === NO_DOC ? NO_DOC : (moved[cursor.doc] ?? NO_DOC)
}

function foremost(heads: readonly Head[]): Head | undefined {
  let first: Head | undefined
  for (const head of heads) if (first === undefined || head.doc < first.doc) first = head
  return first
}
