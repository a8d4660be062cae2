import type { Citation } from '../../records.ts'
import { fence } from '../fence.ts'
import {
  type ForeignChat,
  type ForeignKind,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { field, fieldAt, listOf, numberOf, parentsOf, textOf, timeOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

type Words = { readonly content: string[]; readonly reasoning: string[]; readonly citations: Citation[] }

/** One conversation of a Claude export; null for anything else. */
export function parseClaude(value: unknown): ForeignChat | null {
  const id = textOf(field(value, 'uuid'))
  const messages = field(value, 'chat_messages')
  if (id === null || !Array.isArray(messages)) return null
  const list: readonly unknown[] = messages
  const ids = list.map((message, index) => textOf(field(message, 'uuid')) ?? String(index))
  const parents = parentsOf(
    list.map((message, index) => [ids[index] ?? '', message]),
    'child_message_uuids',
  )
  const isTree = parents.size > 0 || list.some(message => field(message, 'parent_message_uuid') !== undefined)
  const model = modelName('anthropic', field(value, 'model'))
  const nodes = list.map((message, index): ForeignNode => {
    const id = ids[index] ?? ''
    // A root names nobody, or an id of zeros that nobody has. Older exports tell of no parents: their messages are a chain.
    const named = textOf(field(message, 'parent_message_uuid')) ?? parents.get(id)
    const parentId = (isTree ? named : ids[index - 1]) ?? null
    return { id, parentId, timeMs: timeOf(field(message, 'created_at')), ...nodeOf(message, model) }
  })
  return {
    ...PLAIN_CHAT,
    source: 'claude',
    id,
    title: textOf(field(value, 'name')),
    createdAtMs: timeOf(field(value, 'created_at')),
    updatedAtMs: timeOf(field(value, 'updated_at')),
    isPinned: field(value, 'is_starred') === true,
    projectId: textOf(field(value, 'project_uuid')) ?? textOf(fieldAt(value, 'project', 'uuid')),
    activeId: textOf(field(value, 'current_leaf_message_uuid')),
    nodes,
    missing: list.reduce<number>((sum, message) => sum + missingOf(message), 0),
  }
}

function missingOf(message: unknown): number {
  const attachments = listOf(field(message, 'attachments'))
  const empty = attachments.filter(attachment => textOf(field(attachment, 'extracted_content')) === null)
  return empty.length + listOf(field(message, 'files')).length
}

function nodeOf(message: unknown, model: string | null): ForeignKind {
  const sender = field(message, 'sender')
  if (sender !== 'human' && sender !== 'assistant') return { kind: 'skip', reason: 'its sender is unknown' }
  const words: Words = { content: [], reasoning: [], citations: [] }
  const blocks = listOf(field(message, 'content'))
  for (const block of blocks) addBlock(words, block)
  if (!blocks.some(block => field(block, 'type') === 'text' && textOf(field(block, 'text')) !== null)) {
    const text = textOf(field(message, 'text'))
    if (text !== null) words.content.unshift(text)
  }
  for (const attachment of listOf(field(message, 'attachments'))) words.content.push(attachmentText(attachment))
  for (const file of listOf(field(message, 'files'))) {
    words.content.push(missingLine('file', textOf(field(file, 'file_name'))))
  }
  const content = words.content.filter(part => part.trim() !== '').join('\n\n')
  const reasoning = words.reasoning.filter(Boolean).join('\n\n') || null
  if (content === '' && reasoning === null) return { kind: 'skip', reason: 'no text in it' }
  if (sender === 'human') {
    return { ...PLAIN_MESSAGE, role: 'user', content: [content, reasoning].filter(Boolean).join('\n\n') }
  }
  return { ...PLAIN_MESSAGE, role: 'assistant', content, reasoning, citations: words.citations, model }
}

function addBlock(words: Words, block: unknown): void {
  switch (field(block, 'type')) {
    case 'text':
      words.content.push(textOf(field(block, 'text')) ?? '')
      for (const citation of listOf(field(block, 'citations'))) words.citations.push(...citationsOf(citation))
      return
    case 'thinking':
      words.reasoning.push(textOf(field(block, 'thinking')) ?? summariesOf(block))
      return
    case 'tool_use':
      addToolUse(words, block)
      return
    case 'tool_result':
      words.reasoning.push(`*answer of ${textOf(field(block, 'name')) ?? 'a tool'}*\n\n${fence(resultText(block))}`)
      return
    case 'token_budget':
      return
    default:
      words.reasoning.push(fence(rawJson(block), 'json'))
  }
}

function summariesOf(block: unknown): string {
  const summaries = listOf(field(block, 'summaries')).flatMap(entry => textOf(field(entry, 'summary')) ?? [])
  return summaries.join('\n\n')
}

/** A document that Claude wrote with a tool is part of its answer; any other call is folded away. */
function addToolUse(words: Words, block: unknown): void {
  const input = field(block, 'input')
  const text = textOf(field(input, 'content')) ?? textOf(field(input, 'file_text'))
  const name = textOf(field(block, 'name')) ?? 'a tool'
  if ((name === 'artifacts' || name === 'create_file') && text !== null) {
    const title = textOf(field(input, 'title')) ?? textOf(field(input, 'path')) ?? 'document'
    words.content.push(`**${title.replace(/[*\n]+/g, ' ')}**\n\n${fence(text)}`)
    return
  }
  words.reasoning.push(`*call of ${name}*\n\n${fence(rawJson(input), 'json')}`)
}

function resultText(block: unknown): string {
  const content = field(block, 'content')
  if (typeof content === 'string') return content
  const parts = listOf(content).map(part => {
    const facts = ['title', 'url', 'text'].flatMap(name => textOf(field(part, name)) ?? [])
    return facts.length === 0 ? rawJson(part) : facts.join('\n')
  })
  return parts.join('\n\n')
}

function citationsOf(citation: unknown): readonly Citation[] {
  const url = textOf(fieldAt(citation, 'details', 'url')) ?? textOf(field(citation, 'url'))
  if (url === null) return []
  const title = textOf(field(citation, 'title')) ?? textOf(fieldAt(citation, 'details', 'title'))
  const [start, end] = [numberOf(field(citation, 'start_index')), numberOf(field(citation, 'end_index'))]
  return [{ url, title, quote: null, start, end }]
}

/** The text of an upload is all that an export has of it. */
function attachmentText(attachment: unknown): string {
  const name = textOf(field(attachment, 'file_name'))
  const text = textOf(field(attachment, 'extracted_content'))
  if (text === null) return missingLine('file', name)
  return `**${(name ?? 'file').replace(/[*\n]+/g, ' ')}**\n\n${fence(text)}`
}
