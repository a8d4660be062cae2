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

/**
 * The messages of all parts that match, newest first; later ones are not looked for before they are asked for, and a part is not
 * looked into before its newest message could be the next.
 */
export function* findInParts(parts: readonly Part[], query: WordQuery): Generator<FoundMessage> {
  const closed = parts.filter(({ segment }) => segment.docs > 0).sort((left, right) => newestIn(right) - newestIn(left))
  const heads: Head[] = []
  while (true) {
    const head = newestOf(heads)
    const [next] = closed
    if (next !== undefined && (head === undefined || newestIn(next) >= head.found.createdAtMs)) {
      closed.shift()
      advance(heads, { source: findIn(next, query) })
      continue
    }
    if (head === undefined) return
    yield head.found
    heads.splice(heads.indexOf(head), 1)
    advance(heads, head)
  }
}

/** Where one part stands. */
type Head = { readonly source: Generator<FoundMessage>; readonly found: FoundMessage }

function newestIn({ segment }: Part): number {
  return segment.createdAt(0)
}

function advance(heads: Head[], { source }: Pick<Head, 'source'>): void {
  const next = source.next()
  if (next.done !== true) heads.push({ source, found: next.value })
}

function newestOf(heads: readonly Head[]): Head | undefined {
  let newest: Head | undefined
  for (const head of heads) if (newest === undefined || isBefore(head.found, newest.found)) newest = head
  return newest
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

function isBefore(left: FoundMessage, right: FoundMessage): boolean {
  if (left.createdAtMs !== right.createdAtMs) return left.createdAtMs > right.createdAtMs
  const rank = ({ segment, doc, createdAtMs }: FoundMessage) => ({
    created_at: createdAtMs,
    message_id: segment.messageId(doc),
  })
  return compareHits(rank(left), rank(right)) < 0
}
