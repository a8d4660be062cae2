import type { Citation } from '../../records.ts'
import { fence } from '../fence.ts'
import {
  type ForeignChat,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { field, fieldAt, isoTimeOf, listOf, numberOf, textOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

type Words = { readonly content: string[]; readonly reasoning: string[]; readonly citations: Citation[] }

const NO_PARENT = /^[0-]+$/

/** One conversation of a Claude export; null for anything else. */
export function parseClaude(value: unknown): ForeignChat | null {
  const id = textOf(field(value, 'uuid'))
  const messages = field(value, 'chat_messages')
  if (id === null || !Array.isArray(messages)) return null
  const list: readonly unknown[] = messages
  const hasParents = list.some(message => field(message, 'parent_message_uuid') !== undefined)
  const model = modelName('anthropic', field(value, 'model'))
  let before: string | null = null
  const nodes = list.map((message, index): ForeignNode => {
    const own = textOf(field(message, 'uuid')) ?? String(index)
    const parent = textOf(field(message, 'parent_message_uuid'))
    const parentId = hasParents ? (parent === null || NO_PARENT.test(parent) ? null : parent) : before
    before = own
    return { id: own, parentId, timeMs: isoTimeOf(field(message, 'created_at')), ...nodeOf(message, model) }
  })
  return {
    ...PLAIN_CHAT,
    source: 'claude',
    id,
    title: textOf(field(value, 'name')),
    createdAtMs: isoTimeOf(field(value, 'created_at')),
    updatedAtMs: isoTimeOf(field(value, 'updated_at')),
    isPinned: field(value, 'is_starred') === true,
    activeId: textOf(field(value, 'current_leaf_message_uuid')),
    nodes,
    missing: list.reduce<number>((sum, message) => sum + listOf(field(message, 'files')).length, 0),
  }
}

type Kind =
  | Pick<Extract<ForeignNode, { kind: 'skip' }>, 'kind' | 'reason'>
  | Omit<Extract<ForeignNode, { kind: 'message' }>, 'id' | 'parentId' | 'timeMs'>

function nodeOf(message: unknown, model: string | null): Kind {
  const sender = field(message, 'sender')
  if (sender !== 'human' && sender !== 'assistant') return { kind: 'skip', reason: 'its sender is unknown' }
  const words: Words = { content: [], reasoning: [], citations: [] }
  const blocks = listOf(field(message, 'content'))
  for (const block of blocks) addBlock(words, block)
  if (!blocks.some(block => field(block, 'type') === 'text')) {
    const text = textOf(field(message, 'text'))
    if (text !== null) words.content.unshift(text)
  }
  for (const attachment of listOf(field(message, 'attachments'))) words.content.push(attachmentText(attachment))
  for (const file of listOf(field(message, 'files'))) {
    words.content.push(missingLine('file', textOf(field(file, 'file_name'))))
  }
  const content = words.content.filter(part => part.trim() !== '').join('\n\n')
  const reasoning = words.reasoning.join('\n\n') || null
  if (content === '' && reasoning === null) return { kind: 'skip', reason: 'no text in it' }
  if (sender === 'human') return { ...PLAIN_MESSAGE, role: 'user', content }
  return { ...PLAIN_MESSAGE, role: 'assistant', content, reasoning, citations: words.citations, model }
}

function addBlock(words: Words, block: unknown): void {
  switch (field(block, 'type')) {
    case 'text':
      words.content.push(textOf(field(block, 'text')) ?? '')
      words.citations.push(...listOf(field(block, 'citations')).flatMap(citation => citationOf(citation) ?? []))
      return
    case 'thinking':
      words.reasoning.push(...[textOf(field(block, 'thinking'))].flatMap(text => text ?? []))
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

function citationOf(citation: unknown): Citation | null {
  const url = textOf(fieldAt(citation, 'details', 'url')) ?? textOf(field(citation, 'url'))
  if (url === null) return null
  const title = textOf(field(citation, 'title')) ?? textOf(fieldAt(citation, 'details', 'title'))
  const [start, end] = [numberOf(field(citation, 'start_index')), numberOf(field(citation, 'end_index'))]
  return { url, title, quote: null, start, end }
}

/** The text of an upload is all that an export has of it. */
function attachmentText(attachment: unknown): string {
  const name = textOf(field(attachment, 'file_name'))
  const text = textOf(field(attachment, 'extracted_content'))
  if (text === null) return missingLine('file', name)
  return `**${(name ?? 'file').replace(/[*\n]+/g, ' ')}**\n\n${fence(text)}`
}
