import { type ForeignChat, type ForeignNode, modelName, PLAIN_CHAT, PLAIN_MESSAGE } from './foreign-chat.ts'
import { field, idOf, isoTimeOf, millisecondsOf, textOf } from './peek.ts'

/** One conversation of a Grok export; null for anything else. */
export function parseGrok(value: unknown): ForeignChat | null {
  const conversation = field(value, 'conversation')
  const id = idOf(field(conversation, 'id'))
  const responses = field(value, 'responses')
  if (id === null || !Array.isArray(responses)) return null
  const list: readonly unknown[] = responses.map((entry: unknown) => field(entry, 'response'))
  return {
    ...PLAIN_CHAT,
    source: 'grok',
    id,
    title: textOf(field(conversation, 'title')),
    createdAtMs: timeOf(field(conversation, 'create_time')),
    updatedAtMs: timeOf(field(conversation, 'modify_time')),
    isPinned: field(conversation, 'starred') === true,
    nodes: list.map((response, index) => nodeOf(response, index, list)),
  }
}

/** Without a parent it follows the one before, unless others in the list have theirs. */
function nodeOf(response: unknown, index: number, list: readonly unknown[]): ForeignNode {
  const own = (entry: unknown, at: number) => idOf(field(entry, '_id')) ?? String(at)
  const named = idOf(field(response, 'parent_response_id'))
  const isChain = index > 0 && named === null
  const parentId = isChain ? own(list[index - 1], index - 1) : named
  const place = { id: own(response, index), parentId, timeMs: timeOf(field(response, 'create_time')) }
  const content = textOf(field(response, 'message'))
  if (content === null) return { ...place, kind: 'skip', reason: 'no text in it' }
  const sender = textOf(field(response, 'sender'))?.toLowerCase()
  if (sender === 'human' || sender === 'user') return { ...place, ...PLAIN_MESSAGE, role: 'user', content }
  const model = modelName('xai', field(response, 'model'))
  return { ...place, ...PLAIN_MESSAGE, role: 'assistant', content, model }
}

/** `{"$date": "2026-…"}`, `{"$date": {"$numberLong": "1760000000000"}}`, or plain text. */
function timeOf(value: unknown): number | null {
  const date = field(value, '$date') ?? value
  return isoTimeOf(date) ?? millisecondsOf(field(date, '$numberLong') ?? date)
}
