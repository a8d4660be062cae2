import { fence } from '../fence.ts'
import {
  type ForeignChat,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { field, fieldAt, isoTimeOf, listOf, textOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

const NO_PARENT = /^[0-]+$/

type Placed = { readonly message: unknown; readonly parentId: string | null }

/** The conversation of a LibreChat export; null for anything else. */
export function parseLibreChat(value: unknown): ForeignChat | null {
  const id = textOf(field(value, 'conversationId'))
  const messages = field(value, 'messagesTree') ?? field(value, 'messages')
  if (id === null || !Array.isArray(messages)) return null
  const placed = flatten(messages, field(value, 'recursive') === true)
  const provider = providerOf(field(value, 'endpoint'))
  const nodes = placed.map(({ message, parentId }, index) => nodeOf(message, { index, parentId, provider }))
  return {
    ...PLAIN_CHAT,
    source: 'librechat',
    id,
    title: textOf(field(value, 'title')),
    systemPrompt: textOf(fieldAt(value, 'options', 'promptPrefix')),
    nodes,
    missing: placed.reduce((sum, { message }) => sum + filesOf(message).length, 0),
  }
}

/** With branches each message names its parent, nested ones stand in theirs, and the rest is a chain. */
function flatten(messages: readonly unknown[], isRecursive: boolean): readonly Placed[] {
  const isNested = isRecursive || messages.some(message => listOf(field(message, 'children')).length > 0)
  const hasParents = messages.some(message => textOf(field(message, 'parentMessageId')) !== null)
  const placed: Placed[] = []
  const waiting: Placed[] = messages.map(message => ({ message, parentId: null })).reverse()
  let before: string | null = null
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { message } = next
    const own = idOf(message, placed.length)
    const named = textOf(field(message, 'parentMessageId'))
    const parent = named === null || NO_PARENT.test(named) ? null : named
    placed.push({ message, parentId: isNested ? (next.parentId ?? parent) : hasParents ? parent : before })
    before = own
    waiting.push(
      ...listOf(field(message, 'children'))
        .map(child => ({ message: child, parentId: own }))
        .reverse(),
    )
  }
  return placed
}

function idOf(message: unknown, index: number): string {
  return textOf(field(message, 'messageId')) ?? String(index)
}

function nodeOf(
  message: unknown,
  {
    index,
    parentId,
    provider,
  }: { readonly index: number; readonly parentId: string | null; readonly provider: string },
): ForeignNode {
  const place = { id: idOf(message, index), parentId, timeMs: isoTimeOf(field(message, 'createdAt')) }
  const { content, reasoning } = wordsOf(message)
  const text = [...content, ...filesOf(message)].filter(part => part.trim() !== '').join('\n\n')
  const folded = reasoning.filter(Boolean).join('\n\n')
  if (text === '' && folded === '') return { ...place, kind: 'skip', reason: 'no text in it' }
  if (field(message, 'isCreatedByUser') === true) return { ...place, ...PLAIN_MESSAGE, role: 'user', content: text }
  const isBroken = field(message, 'error') === true || field(message, 'unfinished') === true
  return {
    ...place,
    ...PLAIN_MESSAGE,
    role: 'assistant',
    content: text,
    reasoning: folded || null,
    model: modelName(providerOf(field(message, 'endpoint')) || provider, field(message, 'model')),
    error: isBroken ? 'The answer is not whole in the file either.' : null,
  }
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
  if (content.length === 0) content.push(textOf(field(message, 'text')) ?? '')
  return { content, reasoning }
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
