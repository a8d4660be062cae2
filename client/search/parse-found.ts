import * as v from 'valibot'
import { findMatches, type SearchPart } from '#shared/search-text.ts'
import type { FoundChat } from './find-answer.ts'

const foundSchema = v.array(
  v.object({
    conversation_id: v.string(),
    conversation_title: v.string(),
    message_id: v.string(),
    created_at: v.number(),
    snippet: v.string(),
    offsets: v.array(v.tuple([v.number(), v.number()])),
  }),
)

/** What the server found, chat by chat as a device's own results are; null for anything but the agreed shape. */
export function parseFound(body: unknown, parts: readonly SearchPart[]): readonly FoundChat[] | null {
  const hits = v.safeParse(foundSchema, body)
  if (!hits.success) return null
  const chats = Map.groupBy(hits.output, hit => hit.conversation_id)
  return [...chats].flatMap(([conversationId, found]) => {
    const newest = found[0]
    if (newest === undefined) return []
    const { conversation_title: title, snippet, offsets } = newest
    return {
      conversationId,
      title: { text: title, marks: findMatches(title, parts, title.length) },
      atMs: newest.created_at,
      messageIds: found.map(hit => hit.message_id),
      snippet: { text: snippet, marks: offsets },
    }
  })
}
