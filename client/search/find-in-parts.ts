import { compareHits } from '#shared/search-order.ts'
import { isDead, type Part } from './index-part.ts'
import type { MessageFacts } from './indexed-message.ts'
import { matchDocs, type WordQuery } from './match-docs.ts'
import type { Segment } from './segment.ts'

/** A message that was found; its facts are put together when they are asked for. */
export type FoundMessage = {
  readonly segment: Segment
  readonly doc: number
  readonly createdAtMs: number
  /** Names the conversation within the segment, cheaper than by its id. */
  readonly conversation: number
  facts(): MessageFacts
}

/** The messages of all parts that match, newest first; later ones are not looked for before they are asked for. */
export function findInParts(parts: readonly Part[], query: WordQuery): Generator<FoundMessage> {
  return inTime(parts.map(part => findIn(part, query)))
}

function* findIn(part: Part, query: WordQuery): Generator<FoundMessage> {
  const { segment } = part
  for (const doc of matchDocs(segment, query)) {
    if (isDead(part, doc)) continue
    yield {
      segment,
      doc,
      createdAtMs: segment.createdAt(doc),
      conversation: segment.conversationOf(doc),
      facts: () => segment.facts(doc),
    }
  }
}

/** Several orders of results as one. */
function* inTime(sources: readonly Generator<FoundMessage>[]): Generator<FoundMessage> {
  const heads = sources.flatMap(source => {
    const first = source.next()
    return first.done === true ? [] : [{ source, found: first.value }]
  })
  while (heads.length > 0) {
    let newest = 0
    for (let index = 1; index < heads.length; index++) {
      const [left, right] = [heads[index], heads[newest]]
      if (left !== undefined && right !== undefined && isBefore(left.found, right.found)) newest = index
    }
    const head = heads[newest]
    if (head === undefined) return
    yield head.found
    const next = head.source.next()
    if (next.done === true) heads.splice(newest, 1)
    else head.found = next.value
  }
}

function isBefore(left: FoundMessage, right: FoundMessage): boolean {
  if (left.createdAtMs !== right.createdAtMs) return left.createdAtMs > right.createdAtMs
  const rank = ({ segment, doc, createdAtMs }: FoundMessage) => ({
    created_at: createdAtMs,
    message_id: segment.messageId(doc),
  })
  return compareHits(rank(left), rank(right)) < 0
}
