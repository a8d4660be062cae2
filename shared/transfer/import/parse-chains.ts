import {
  type ForeignChat,
  type ForeignNode,
  missingLine,
  modelName,
  PLAIN_CHAT,
  PLAIN_MESSAGE,
} from './foreign-chat.ts'
import { field, fieldAt, idOf, listOf, millisecondsOf, textOf } from './peek.ts'

/** What is told of one message of a chain. */
type Link = {
  readonly id?: string | null
  readonly role: unknown
  readonly content: string
  readonly model?: string | null
  readonly timeMs?: number | null
}

/** One chat of a big-AGI export or backup; null for anything else. */
export function parseBigAgi(value: unknown): ForeignChat | null {
  const id = idOf(field(value, 'id'))
  const messages = listOf(field(value, 'messages'))
  if (id === null || !messages.some(message => Array.isArray(field(message, 'fragments')))) return null
  const links = messages.map((message): Link => {
    const fragments = listOf(field(message, 'fragments')).map(fragment => fragmentText(field(fragment, 'part')))
    const model = textOf(fieldAt(message, 'generator', 'name')) ?? textOf(field(message, 'originLLM'))
    const [role, timeMs] = [field(message, 'role'), millisecondsOf(field(message, 'created'))]
    const content = fragments.filter(Boolean).join('\n\n')
    return { id: idOf(field(message, 'id')), role, content, timeMs, model: modelName('big-agi', model) }
  })
  return {
    ...chainOf('big-agi', id, links),
    title: textOf(field(value, 'userTitle')) ?? textOf(field(value, 'autoTitle')),
    createdAtMs: millisecondsOf(field(value, 'created')),
    updatedAtMs: millisecondsOf(field(value, 'updated')),
    isArchived: field(value, 'isArchived') === true,
    missing: messages
      .flatMap(message => listOf(field(message, 'fragments')))
      .filter(fragment => fieldAt(fragment, 'part', 'pt') === 'image_ref').length,
  }
}

function fragmentText(part: unknown): string {
  switch (field(part, 'pt')) {
    case 'image_ref':
      return missingLine('picture', textOf(field(part, 'altText')))
    case 'doc':
      return textOf(fieldAt(part, 'data', 'text')) ?? missingLine('file', textOf(field(part, 'title')))
    default:
      return textOf(field(part, 'text')) ?? ''
  }
}

/** The chats of a NextChat backup, without a look at the stores that hold keys; none for anything else. */
export function parseNextChat(value: unknown): readonly ForeignChat[] {
  return listOf(fieldAt(value, 'chat-next-web-store', 'sessions')).flatMap((session, index) => {
    const context = listOf(fieldAt(session, 'mask', 'context'))
    const updatedAtMs = millisecondsOf(field(session, 'lastUpdate'))
    const links = [...context, ...listOf(field(session, 'messages'))].map(nextChatLink)
    const chat = chainOf('nextchat', idOf(field(session, 'id')) ?? String(index), links)
    return [{ ...chat, title: textOf(field(session, 'topic')), createdAtMs: updatedAtMs, updatedAtMs }]
  })
}

/** Its `date` is written as the browser's language has it: nobody can read it again. */
function nextChatLink(message: unknown): Link {
  const content = field(message, 'content')
  const parts = listOf(content).map(part =>
    field(part, 'type') === 'image_url' ? missingLine('picture', null) : (textOf(field(part, 'text')) ?? ''),
  )
  return {
    id: idOf(field(message, 'id')),
    role: field(message, 'role'),
    content: typeof content === 'string' ? content : parts.filter(Boolean).join('\n\n'),
    model: modelName('nextchat', field(message, 'model')),
  }
}

/** One of the `chats` of a BetterChatGPT export; null for anything else. */
export function parseBetterChatGpt(value: unknown): ForeignChat | null {
  const messages = field(value, 'messages')
  const id = idOf(field(value, 'id')) ?? textOf(field(value, 'title'))
  if (id === null || !Array.isArray(messages)) return null
  const model = modelName('openai', fieldAt(value, 'config', 'model'))
  const chat = chainOf('betterchatgpt', id, plainLinks(messages, model))
  return { ...chat, title: textOf(field(value, 'title')) }
}

/** One of the `history` of a ChatbotUI export; null for anything else. */
export function parseChatbotUi(value: unknown): ForeignChat | null {
  const messages = field(value, 'messages')
  const id = idOf(field(value, 'id')) ?? textOf(field(value, 'name'))
  if (id === null || !Array.isArray(messages)) return null
  const model = modelName('openai', fieldAt(value, 'model', 'id'))
  const chat = chainOf('chatbotui', id, plainLinks(messages, model))
  return {
    ...chat,
    title: textOf(field(value, 'name')),
    systemPrompt: textOf(field(value, 'prompt')) ?? chat.systemPrompt,
  }
}

function plainLinks(messages: readonly unknown[], model: string | null): readonly Link[] {
  return messages.map(message => {
    const content = field(message, 'content')
    const parts = listOf(content).map(part => textOf(field(part, 'text')) ?? missingLine('picture', null))
    return { role: field(message, 'role'), content: typeof content === 'string' ? content : parts.join('\n\n'), model }
  })
}

/** Messages that follow each other; the system's words before the first of them are the chat's system prompt. */
function chainOf(source: ForeignChat['source'], id: string, links: readonly Link[]): ForeignChat {
  const leading = links.findIndex(({ role }) => role !== 'system')
  const system: string[] = []
  let before: string | null = null
  const nodes = links.map((link, index): ForeignNode => {
    const place = { id: link.id ?? String(index), parentId: before, timeMs: link.timeMs ?? null }
    before = place.id
    const { role, content, model = null } = link
    if (content.trim() === '') return { ...place, kind: 'skip', reason: 'no text in it' }
    if (role === 'system' && (leading < 0 || index < leading)) {
      system.push(content)
      return { ...place, kind: 'skip', reason: 'the system prompt: it is kept with the chat' }
    }
    if (role === 'user' || role === 'system') return { ...place, ...PLAIN_MESSAGE, role, content }
    if (role === 'assistant') return { ...place, ...PLAIN_MESSAGE, role, content, model }
    return { ...place, kind: 'skip', reason: 'its sender is unknown' }
  })
  return { ...PLAIN_CHAT, source, id, nodes, systemPrompt: system.length === 0 ? null : system.join('\n\n') }
}
