import { compareHits } from '#shared/search-order.ts'
import { createByteWriter } from './byte-writer.ts'
import type { IndexedMessage, MessageFacts } from './indexed-message.ts'
import { createTermEncoder } from './term-encoder.ts'
import { writeSegment } from './write-segment.ts'

/** Gathers messages for one segment. */
export interface SegmentBuilder {
  /** A message that is added twice counts as it was added last. */
  add(message: IndexedMessage): void
  /** Of the messages, each once. */
  ids(): Iterable<string>
  readonly messages: number
  /** How many words were gathered. */
  readonly tokens: number
  build(): Uint8Array<ArrayBuffer>
}

type Gathered = MessageFacts & { readonly from: number; readonly to: number }

const FIRST_TOKENS = 4096

export function createSegmentBuilder(): SegmentBuilder {
  const termIds = new Map<string, number>()
  const gathered = new Map<string, Gathered>()
  let tokens = new Uint32Array(FIRST_TOKENS)
  let length = 0

  return {
    add({ words, ...facts }) {
      if (length + words.length > tokens.length) {
        const larger = new Uint32Array(Math.max(tokens.length * 2, length + words.length))
        larger.set(tokens)
        tokens = larger
      }
      const from = length
      for (const word of words) {
        let id = termIds.get(word)
        if (id === undefined) {
          id = termIds.size
          termIds.set(word, id)
        }
        tokens[length++] = id
      }
      gathered.set(facts.id, { ...facts, from, to: length })
    },
    ids: () => gathered.keys(),
    get messages() {
      return gathered.size
    },
    get tokens() {
      return length
    },
    build() {
      const docs = [...gathered.values()].sort((left, right) => compareHits(rankOf(left), rankOf(right)))
      const terms = [...termIds.keys()].sort()
      return writeSegment({
        docs,
        terms,
        ...encode(
          docs,
          tokens,
          terms.map(term => termIds.get(term) ?? 0),
        ),
      })
    },
  }
}

function rankOf({ id, createdAtMs }: MessageFacts) {
  return { message_id: id, created_at: createdAtMs }
}

/** Brings the words from the order of texts into the order of terms, as a counting sort does. */
function encode(docs: readonly Gathered[], tokens: Uint32Array, order: readonly number[]) {
  const ends = new Uint32Array(order.length)
  let total = 0
  for (const { from, to } of docs) {
    for (let at = from; at < to; at++) {
      const id = tokens[at] ?? 0
      ends[id] = (ends[id] ?? 0) + 1
    }
    total += to - from
  }
  let sum = 0
  // Each number becomes the place where the next word of the term goes; after the last it is where the term ends.
  for (let id = 0; id < ends.length; id++) {
    const count = ends[id] ?? 0
    ends[id] = sum
    sum += count
  }
  const foundIn = new Uint32Array(total)
  const positions = new Uint32Array(total)
  for (const [doc, { from, to }] of docs.entries()) {
    for (let at = from; at < to; at++) {
      const id = tokens[at] ?? 0
      const place = ends[id] ?? 0
      foundIn[place] = doc
      positions[place] = at - from
      ends[id] = place + 1
    }
  }
  return encodeTerms(order, { ends, foundIn, positions })
}

type Sorted = { readonly ends: Uint32Array; readonly foundIn: Uint32Array; readonly positions: Uint32Array }

function encodeTerms(order: readonly number[], { ends, foundIn, positions }: Sorted) {
  const out = createByteWriter()
  const encoder = createTermEncoder()
  const postingEnds = new Uint32Array(order.length)
  for (const [index, id] of order.entries()) {
    const end = ends[id] ?? 0
    let from = id === 0 ? 0 : (ends[id - 1] ?? 0)
    while (from < end) {
      const doc = foundIn[from] ?? 0
      let to = from + 1
      while (to < end && foundIn[to] === doc) to++
      encoder.add(doc, positions, from, to)
      from = to
    }
    encoder.end(out)
    postingEnds[index] = out.length
  }
  return { postings: out.view(), postingEnds }
}
