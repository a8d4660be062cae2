import { fence } from '../fence.ts'
import {
  type ForeignChat,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { entriesOf, field, fieldAt, idOf, listOf, parentsOf, textOf, timeOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

const [OPEN, CLOSE] = ['<details', '</details>']

/** One chat of an Open WebUI export, a row or a bare chat; null for anything else. */
export function parseOpenWebUi(value: unknown): ForeignChat | null {
  const chat = field(value, 'chat') ?? value
  const entries = messagesOf(chat, chat !== value)
  if (entries === null) return null
  const id = idOf(field(value, 'id')) ?? idOf(field(chat, 'id')) ?? entries[0]?.[0]
  if (id === undefined) return null
  const parents = parentsOf(entries, 'childrenIds')
  const system = textOf(fieldAt(chat, 'params', 'system')) ?? textOf(field(chat, 'system'))
  return {
    ...PLAIN_CHAT,
    source: 'open-webui',
    id,
    title: textOf(field(value, 'title')) ?? textOf(field(chat, 'title')),
    systemPrompt: system,
    createdAtMs: timeOf(field(value, 'created_at')) ?? timeOf(field(chat, 'timestamp')),
    updatedAtMs: timeOf(field(value, 'updated_at')),
    isArchived: field(value, 'archived') === true,
    isPinned: field(value, 'pinned') === true,
    tags: listOf(fieldAt(value, 'meta', 'tags')).flatMap(tag => textOf(tag) ?? []),
    activeId: textOf(fieldAt(chat, 'history', 'currentId')),
    nodes: entries.map(([key, message]) =>
      nodeOf(message, { id: key, parentId: idOf(field(message, 'parentId')) ?? parents.get(key) ?? null }),
    ),
    missing: entries.reduce((sum, [, message]) => sum + listOf(field(message, 'files')).length, 0),
  }
}

/** The tree; where a chat of a row has none, as first versions wrote it, its messages one after the other. */
function messagesOf(chat: unknown, isRow: boolean): readonly (readonly [string, unknown])[] | null {
  const tree = fieldAt(chat, 'history', 'messages')
  if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) return entriesOf(tree)
  const list = tree ?? (isRow ? field(chat, 'messages') : null)
  if (!Array.isArray(list)) return null
  const ids = list.map((message, index) => idOf(field(message, 'id')) ?? String(index))
  return list.map((message: unknown, index) => [
    ids[index] ?? '',
    { parentId: ids[index - 1] ?? null, ...Object.fromEntries(entriesOf(message)) },
  ])
}

function nodeOf(message: unknown, link: Pick<ForeignNode, 'id' | 'parentId'>): ForeignNode {
  const place = { ...link, timeMs: timeOf(field(message, 'timestamp')) }
  const role = field(message, 'role')
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    return { ...place, kind: 'skip', reason: 'its sender is unknown' }
  }
  const { content, reasoning } = wordsOf(message)
  const files = listOf(field(message, 'files')).map(file => missingLine('file', textOf(field(file, 'name'))))
  const text = [content, ...files].filter(part => part.trim() !== '').join('\n\n')
  if (text === '' && reasoning === '') return { ...place, kind: 'skip', reason: 'no text in it' }
  if (role !== 'assistant') {
    return { ...place, ...PLAIN_MESSAGE, role, content: [text, reasoning].filter(Boolean).join('\n\n') }
  }
  const model = modelName('open-webui', field(message, 'model'))
  const error = textOf(fieldAt(message, 'error', 'content'))
  return { ...place, ...PLAIN_MESSAGE, role, content: text, reasoning: reasoning || null, model, error }
}

function wordsOf(message: unknown): { readonly content: string; readonly reasoning: string } {
  const output = listOf(field(message, 'output'))
  if (output.length > 0) return outputWords(output)
  const parts = field(message, 'content')
  const text = typeof parts === 'string' ? parts : listOf(parts).map(partText).filter(Boolean).join('\n\n')
  return unfold(text)
}

/**
 * Takes `<details type="reasoning" …><summary>…</summary> … </details>` out of a text, where older versions write it. Searched
 * for step by step: a pattern would take quadratic time on a text of openings that nothing closes.
 */
function unfold(text: string): { readonly content: string; readonly reasoning: string } {
  const content: string[] = []
  const reasoning: string[] = []
  let index = 0
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, index)) {
    const [head, end] = [text.indexOf('>', open), text.indexOf(CLOSE, open)]
    if (end < 0 || head < 0 || head > end) break
    const isFolded = /type="(?:reasoning|tool_calls)"/.test(text.slice(open, head))
    content.push(text.slice(index, isFolded ? open : end + CLOSE.length))
    if (isFolded) reasoning.push(withoutSummary(text.slice(head + 1, end)))
    index = end + CLOSE.length
  }
  content.push(text.slice(index))
  return { content: content.join('').trim(), reasoning: reasoning.filter(Boolean).join('\n\n') }
}

function withoutSummary(text: string): string {
  const end = text.indexOf('</summary>')
  return (end < 0 ? text : text.slice(end + '</summary>'.length)).replace(/^> ?/gm, '').trim()
}

function outputWords(output: readonly unknown[]): { readonly content: string; readonly reasoning: string } {
  const content: string[] = []
  const reasoning: string[] = []
  for (const item of output) {
    const type = field(item, 'type')
    const words = [...listOf(field(item, 'content')), ...listOf(field(item, 'output'))].map(partText)
    if (type === 'message') content.push(...words)
    else if (type === 'reasoning') reasoning.push(...words, ...listOf(field(item, 'summary')).map(partText))
    else if (type === 'function_call') {
      const call = textOf(field(item, 'arguments')) ?? rawJson(field(item, 'arguments'))
      reasoning.push(`*call of ${textOf(field(item, 'name')) ?? 'a tool'}*\n\n${fence(call, 'json')}`)
    } else if (type === 'function_call_output') reasoning.push(fence(words.join('\n')))
    else reasoning.push(fence(rawJson(item), 'json'))
  }
  return { content: content.filter(Boolean).join('\n\n'), reasoning: reasoning.filter(Boolean).join('\n\n') }
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part
  if (field(part, 'type') === 'image_url') return missingLine('picture', null)
  return textOf(field(part, 'text')) ?? ''
}
