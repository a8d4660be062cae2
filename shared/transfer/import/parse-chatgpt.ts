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
import { entriesOf, field, fieldAt, idOf, listOf, numberOf, parentsOf, textOf, timeOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

const MOST_CITATIONS = 100
/** What ChatGPT writes into its text where a source is meant, between two letters of the private use area. */
const SOURCE_MARKS = /\uE200[^\uE201]*\uE201/gu

type Words = { readonly content: string; readonly missing: number }

/** One conversation of a ChatGPT export; null for anything else. */
export function parseChatGpt(value: unknown): ForeignChat | null {
  const mapping = field(value, 'mapping')
  const entries = entriesOf(mapping)
  const id = textOf(field(value, 'conversation_id')) ?? textOf(field(value, 'id')) ?? entries[0]?.[0] ?? null
  const isOurs =
    mapping !== undefined || (field(value, 'conversation_id') !== undefined && 'create_time' in Object(value))
  if (!isOurs || id === null) return null
  const defaultModel = textOf(field(value, 'default_model_slug'))
  let missing = 0
  let systemPrompt: string | null = null
  const parents = parentsOf(entries, 'children')
  const nodes = entries.map(([key, node]): ForeignNode => {
    const message = field(node, 'message')
    const content = field(message, 'content')
    systemPrompt = instructionsOf(message) ?? systemPrompt
    const words = joined([contentOf(content), ...attachmentsOf(message)])
    missing += words.missing
    const parentId = idOf(field(node, 'parent')) ?? parents.get(key) ?? null
    return { id: key, parentId, timeMs: timeOf(field(message, 'create_time')), ...nodeOf(message, words, defaultModel) }
  })
  return {
    ...PLAIN_CHAT,
    source: 'chatgpt',
    id,
    title: textOf(field(value, 'title')),
    systemPrompt,
    createdAtMs: timeOf(field(value, 'create_time')),
    updatedAtMs: timeOf(field(value, 'update_time')),
    isArchived: field(value, 'is_archived') === true,
    isPinned: numberOf(field(value, 'pinned_time')) !== null || field(value, 'is_starred') === true,
    activeId: textOf(field(value, 'current_node')),
    nodes,
    missing,
  }
}

function nodeOf(message: unknown, words: Words, defaultModel: string | null): ForeignKind {
  if (typeof message !== 'object' || message === null) return skip('the start of the tree, which says nothing')
  const metadata = field(message, 'metadata')
  const role = fieldAt(message, 'author', 'role')
  const type = fieldAt(message, 'content', 'content_type')
  if (instructionsOf(message) !== null) return skip('your own instructions: they are the system prompt of the chat')
  if (field(metadata, 'is_visually_hidden_from_conversation') === true) return skip('hidden in ChatGPT too')
  if (type === 'thoughts') return thought(thoughtsOf(field(message, 'content')))
  if (type === 'reasoning_recap') return skip('a label of the reasoning')
  const { content } = words
  if (content.trim() === '') return skip('no text in it')
  if (role === 'user') return { ...PLAIN_MESSAGE, role, content }
  if (role === 'system') return { ...PLAIN_MESSAGE, role, content }
  const isAside = role === 'tool' || (textOf(field(message, 'recipient')) ?? 'all') !== 'all'
  if (isAside && words.missing === 0) return thought(asideOf(message, role, content))
  const model = modelName('openai', textOf(field(metadata, 'model_slug')) ?? defaultModel)
  return { ...PLAIN_MESSAGE, role: 'assistant', content, model, citations: citationsOf(metadata) }
}

function skip(reason: string): ForeignKind {
  return { kind: 'skip', reason }
}

function thought(reasoning: string): ForeignKind {
  return reasoning.trim() === '' ? skip('no text in it') : { kind: 'thought', reasoning }
}

/** What was said to a tool, or by one: folded away with the reasoning. */
function asideOf(message: unknown, role: unknown, content: string): string {
  const name = role === 'tool' ? textOf(fieldAt(message, 'author', 'name')) : textOf(field(message, 'recipient'))
  const said = content.startsWith('```') ? content : fence(content)
  return `*${role === 'tool' ? 'answer of' : 'call of'} ${name ?? 'a tool'}*\n\n${said}`
}

function contentOf(content: unknown): Words {
  const type = field(content, 'content_type')
  const text = textOf(field(content, 'text'))
  switch (type) {
    case 'text':
    case 'multimodal_text':
      return joined(listOf(field(content, 'parts')).map(partOf))
    case 'code':
    case 'execution_output': {
      const language = textOf(field(content, 'language')) ?? ''
      return {
        content: text === null ? '' : fence(text, /^\w+$/.test(language) && language !== 'unknown' ? language : ''),
        missing: 0,
      }
    }
    case 'tether_quote':
    case 'sonic_webpage':
    case 'system_error':
    case 'tether_browsing_display': {
      const facts = ['title', 'url', 'name', 'result', 'text'].flatMap(name => textOf(field(content, name)) ?? [])
      return { content: facts.length === 0 ? '' : fence(facts.join('\n')), missing: 0 }
    }
    case undefined:
    case 'thoughts':
    case 'reasoning_recap':
    case 'user_editable_context':
      return { content: '', missing: 0 }
    default:
      return { content: fence(rawJson(content), 'json'), missing: 0 }
  }
}

function partOf(part: unknown): Words {
  if (typeof part === 'string') return { content: part.replace(SOURCE_MARKS, ''), missing: 0 }
  switch (field(part, 'content_type')) {
    case 'image_asset_pointer': {
      const prompt = textOf(fieldAt(part, 'metadata', 'dalle', 'prompt'))
      return { content: missingLine('picture', prompt), missing: 1 }
    }
    case 'audio_asset_pointer':
    case 'real_time_user_audio_video_asset_pointer':
      return { content: missingLine('recording', null), missing: 1 }
    case 'audio_transcription':
      return { content: textOf(field(part, 'text')) ?? '', missing: 0 }
    default:
      return { content: part === null || part === undefined ? '' : fence(rawJson(part), 'json'), missing: 0 }
  }
}

function joined(words: readonly Words[]): Words {
  return {
    content: words.flatMap(({ content }) => (content === '' ? [] : [content])).join('\n\n'),
    missing: words.reduce((sum, { missing }) => sum + missing, 0),
  }
}

/** Files that were given with a prompt; a picture that stands in the text already is not named twice. */
function attachmentsOf(message: unknown): readonly Words[] {
  if (fieldAt(message, 'author', 'role') !== 'user') return []
  const pointers = listOf(fieldAt(message, 'content', 'parts')).flatMap(
    part => textOf(field(part, 'asset_pointer')) ?? [],
  )
  const shown = new Set(pointers.map(pointer => pointer.replace(/^[a-z-]+:\/\//, '')))
  return listOf(fieldAt(message, 'metadata', 'attachments'))
    .filter(attachment => !shown.has(textOf(field(attachment, 'id')) ?? ''))
    .map(attachment => ({ content: missingLine('file', textOf(field(attachment, 'name'))), missing: 1 }))
}

function thoughtsOf(content: unknown): string {
  const thoughts = listOf(field(content, 'thoughts')).map(entry => {
    const [summary, words] = [textOf(field(entry, 'summary')), textOf(field(entry, 'content'))]
    return [summary === null ? null : `**${summary}**`, words].filter(part => part !== null).join('\n\n')
  })
  return thoughts.filter(text => text !== '').join('\n\n')
}

function citationsOf(metadata: unknown): readonly Citation[] {
  const found = new Map<string, Citation>()
  const add = (source: unknown): void => {
    const url = textOf(field(source, 'url'))
    if (url === null || found.has(url) || found.size >= MOST_CITATIONS) return
    const quote = textOf(field(source, 'snippet'))
    found.set(url, { url, title: textOf(field(source, 'title')), quote, start: null, end: null })
  }
  for (const citation of listOf(field(metadata, 'citations'))) add(field(citation, 'metadata'))
  for (const reference of listOf(field(metadata, 'content_references'))) {
    add(reference)
    for (const item of [...listOf(field(reference, 'items')), ...listOf(field(reference, 'sources'))]) add(item)
  }
  return [...found.values()]
}

/** What somebody told ChatGPT of themselves: in a message of a type of its own, or, in older exports, beside an empty one. */
function instructionsOf(message: unknown): string | null {
  const content = field(message, 'content')
  const beside = fieldAt(message, 'metadata', 'user_context_message_data')
  const parts =
    field(content, 'content_type') === 'user_editable_context'
      ? ['user_profile', 'user_instructions'].flatMap(name => textOf(field(content, name)) ?? [])
      : ['about_user_message', 'about_model_message'].flatMap(name => textOf(field(beside, name)) ?? [])
  return parts.length === 0 ? null : parts.join('\n\n')
}
