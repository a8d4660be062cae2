import { fence } from '../fence.ts'
import {
  type ForeignChat,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { field, fieldAt, idOf, listOf, textOf, timeOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

type Placed = { readonly message: unknown; readonly parentId: string | null }

/** The conversation of a LibreChat export; null for anything else. */
export function parseLibreChat(value: unknown): ForeignChat | null {
  const id = textOf(field(value, 'conversationId'))
  const lists = [field(value, 'messagesTree'), field(value, 'messages')]
  if (id === null || !lists.some(Array.isArray)) return null
  const messages = lists.map(listOf).find(list => list.length > 0) ?? []
  const placed = flatten(messages, field(value, 'recursive') === true)
  const chat = { endpoint: field(value, 'endpoint'), model: fieldAt(value, 'options', 'model') }
  const nodes = placed.map(({ message, parentId }, index) =>
    nodeOf(message, { id: ownId(message, index), parentId, chat }),
  )
  return {
    ...PLAIN_CHAT,
    source: 'librechat',
    id,
    title: textOf(field(value, 'title')),
    systemPrompt: textOf(fieldAt(value, 'options', 'promptPrefix')),
    nodes,
    missing: placed.reduce((sum, { message }) => sum + filesOf(message).length + picturesOf(message).length, 0),
  }
}

/** With branches each message names its parent, nested ones stand in theirs, and the rest is a chain. */
function flatten(messages: readonly unknown[], isRecursive: boolean): readonly Placed[] {
  const isNested = isRecursive || messages.some(message => listOf(field(message, 'children')).length > 0)
  const hasParents = messages.some(message => idOf(field(message, 'parentMessageId')) !== null)
  const placed: Placed[] = []
  const waiting: Placed[] = messages.map(message => ({ message, parentId: null })).reverse()
  let before: string | null = null
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { message } = next
    const own = ownId(message, placed.length)
    // A root names nobody, or an id of zeros that nobody has.
    const parent = idOf(field(message, 'parentMessageId'))
    placed.push({ message, parentId: isNested ? (next.parentId ?? parent) : hasParents ? parent : before })
    before = own
    for (const child of listOf(field(message, 'children')).toReversed()) waiting.push({ message: child, parentId: own })
  }
  return placed
}

function ownId(message: unknown, index: number): string {
  return idOf(field(message, 'messageId')) ?? String(index)
}

type Place = {
  readonly id: string
  readonly parentId: string | null
  /** What the chat says of all its answers. */
  readonly chat: { readonly endpoint: unknown; readonly model: unknown }
}

function nodeOf(message: unknown, { id, parentId, chat }: Place): ForeignNode {
  const place = { id, parentId, timeMs: timeOf(field(message, 'createdAt')) }
  const { content, reasoning } = wordsOf(message)
  const text = joined([...content, ...filesOf(message)])
  const folded = joined(reasoning)
  if (text === '' && folded === '') return { ...place, kind: 'skip', reason: 'no text in it' }
  const isUser = field(message, 'isCreatedByUser') ?? field(message, 'sender') === 'User'
  if (isUser === true) return { ...place, ...PLAIN_MESSAGE, role: 'user', content: joined([text, folded]) }
  const isBroken = field(message, 'error') === true || field(message, 'unfinished') === true
  const provider = providerOf(field(message, 'endpoint') ?? chat.endpoint)
  return {
    ...place,
    ...PLAIN_MESSAGE,
    role: 'assistant',
    content: text,
    reasoning: folded || null,
    model: modelName(provider, field(message, 'model')) ?? modelName(provider, chat.model),
    error: isBroken ? 'The answer is not whole in the file either.' : null,
  }
}

function joined(parts: readonly string[]): string {
  return parts.filter(part => part.trim() !== '').join('\n\n')
}

function wordsOf(message: unknown): { readonly content: readonly string[]; readonly reasoning: readonly string[] } {
  const content: string[] = []
  const reasoning: string[] = []
  for (const part of listOf(field(message, 'content'))) {
    const type = textOf(field(part, 'type')) ?? ''
    const inner = type === '' ? undefined : field(part, type)
    const text = typeof inner === 'string' ? inner : textOf(field(inner, 'value'))
    if (type === 'text') content.push(text ?? '')
    else if (type === 'think') reasoning.push(text ?? '')
    else if (type === 'error') content.push(`*[${text ?? textOf(field(part, 'error')) ?? 'error'}]*`)
    else if (type === 'image_file') content.push(missingLine('picture', null))
    else reasoning.push(fence(rawJson(inner ?? part), 'json'))
  }
  if (joined(content) === '') content.push(textOf(field(message, 'text')) ?? '')
  return { content, reasoning }
}

function picturesOf(message: unknown): readonly unknown[] {
  return listOf(field(message, 'content')).filter(part => field(part, 'type') === 'image_file')
}

function filesOf(message: unknown): readonly string[] {
  return [...listOf(field(message, 'files')), ...listOf(field(message, 'attachments'))].map(file =>
    missingLine('file', textOf(field(file, 'filename'))),
  )
}

/** `openAI` → `openai`. */
function providerOf(endpoint: unknown): string {
  const name = (textOf(endpoint) ?? '').toLowerCase().replace(/[^a-z0-9_-]+/g, '-')
  return /^[a-z0-9]/.test(name) ? name : 'librechat'
}
