import { type ForeignChat, type ForeignNode, modelName, PLAIN_CHAT, PLAIN_MESSAGE } from './foreign-chat.ts'
import { field, idOf, textOf, timeOf } from './peek.ts'

/** One conversation of a Grok export; null for anything else. */
export function parseGrok(value: unknown): ForeignChat | null {
  const conversation = field(value, 'conversation')
  const id = idOf(field(conversation, 'id'))
  const responses = field(value, 'responses')
  if (id === null || !Array.isArray(responses)) return null
  const list: readonly unknown[] = responses.map((entry: unknown) => field(entry, 'response'))
  const ids = list.map((response, index) => idOf(field(response, '_id')) ?? String(index))
  const parents = list.map(response => idOf(field(response, 'parent_response_id')))
  // Where no message names a parent, each follows the one before it.
  const isChain = parents.every(parent => parent === null)
  return {
    ...PLAIN_CHAT,
    source: 'grok',
    id,
    title: textOf(field(conversation, 'title')),
    createdAtMs: momentOf(field(conversation, 'create_time')),
    updatedAtMs: momentOf(field(conversation, 'modify_time')),
    isPinned: field(conversation, 'starred') === true,
    nodes: list.map((response, index) =>
      nodeOf(response, { id: ids[index] ?? '', parentId: (isChain ? ids[index - 1] : parents[index]) ?? null }),
    ),
  }
}

function nodeOf(response: unknown, link: Pick<ForeignNode, 'id' | 'parentId'>): ForeignNode {
  const place = { ...link, timeMs: momentOf(field(response, 'create_time')) }
  const content = textOf(field(response, 'message'))
  if (content === null) return { ...place, kind: 'skip', reason: 'no text in it' }
  const sender = textOf(field(response, 'sender'))?.toLowerCase()
  if (sender === 'human' || sender === 'user') return { ...place, ...PLAIN_MESSAGE, role: 'user', content }
  const model = modelName('xai', field(response, 'model'))
  return { ...place, ...PLAIN_MESSAGE, role: 'assistant', content, model }
}

/** `{"$date": "2026-…"}`, `{"$date": {"$numberLong": "1760000000000"}}`, or the time itself. */
function momentOf(value: unknown): number | null {
  const date = field(value, '$date') ?? value
  return timeOf(field(date, '$numberLong') ?? date)
}
