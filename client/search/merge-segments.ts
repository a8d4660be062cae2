import { compareHits } from '#shared/search-order.ts'
import { createByteWriter } from './byte-writer.ts'
import { createPostingCursor } from './posting-cursor.ts'
import type { Segment } from './segment.ts'
import { createTermEncoder } from './term-encoder.ts'
import { writeSegment } from './write-segment.ts'

/** A segment and which of its documents are still current. */
export type MergeSource = { readonly segment: Segment; isDead(doc: number): boolean }

/** The bytes of the new segment, and where each document of each source went; -1 for those that were dead. */
export type Merged = { readonly bytes: Uint8Array<ArrayBuffer>; readonly moves: readonly Int32Array[] }

type Place = { readonly source: number; readonly doc: number }

const TERMS_A_STEP = 500

/** Makes one segment of several, in steps between which other work can be done. */
export function* mergeSegments(sources: readonly MergeSource[]): Generator<undefined, Merged> {
  const places = inOrder(sources)
  const moves = sources.map(({ segment }) => new Int32Array(segment.docs).fill(-1))
  for (const [index, { source, doc }] of places.entries()) moves[source]?.fill(index, doc, doc + 1)
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
  const docs = places.flatMap(({ source, doc }) => sources[source]?.segment.facts(doc) ?? [])
  yield
  const bytes = writeSegment({ docs, terms, postings: out.view(), postingEnds: Uint32Array.from(ends) })
  return { bytes, moves }
}

function inOrder(sources: readonly MergeSource[]): readonly Place[] {
  const places = sources.flatMap(({ segment, isDead }, source) =>
    Array.from({ length: segment.docs }, (_, doc) => ({ source, doc })).filter(({ doc }) => !isDead(doc)),
  )
  const rank = ({ source, doc }: Place) => {
    const segment = sources[source]?.segment
    return { created_at: segment?.createdAt(doc) ?? 0, message_id: segment?.messageId(doc) ?? '' }
  }
  const ranked = places.map(place => ({ place, ...rank(place) }))
  return ranked.sort(compareHits).map(({ place }) => place)
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

/** False when no current document holds the term. */
function mergeTerm(
  holders: readonly Holder[],
  moves: readonly Int32Array[],
  encoder: ReturnType<typeof createTermEncoder>,
): boolean {
  const found: { readonly doc: number; readonly bytes: Uint8Array; readonly from: number; readonly to: number }[] = []
  for (const { source, postings } of holders) {
    const cursor = createPostingCursor(postings)
    for (let left = cursor.count; left > 0; left--, cursor.next()) {
      const doc = moves[source]?.[cursor.doc] ?? -1
      if (doc < 0) continue
      const [from, to] = cursor.encodedPositions()
      found.push({ doc, bytes: postings, from, to })
    }
  }
  if (holders.length > 1) found.sort((left, right) => left.doc - right.doc)
  for (const { doc, bytes, from, to } of found) encoder.addEncoded(doc, bytes, from, to)
  return found.length > 0
}
