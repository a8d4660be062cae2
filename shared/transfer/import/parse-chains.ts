import { chainOf, type Link } from './chain-of.ts'
import { type ForeignChat, missingLine, modelName } from './foreign-chat.ts'
import { field, fieldAt, idOf, listOf, textOf, timeOf } from './peek.ts'

/** The chats of a NextChat backup, without a look at the stores that hold keys; none for anything else. */
export function parseNextChat(value: unknown): readonly ForeignChat[] {
  return listOf(fieldAt(value, 'chat-next-web-store', 'sessions')).map(session => {
    const context = listOf(fieldAt(session, 'mask', 'context'))
    // Its `date` is written as the browser's language has it: nobody can read it again.
    const links = [...context, ...listOf(field(session, 'messages'))].map(message => ({
      ...plainLink(message, modelName('nextchat', field(message, 'model'))),
      id: idOf(field(message, 'id')),
    }))
    const names = { id: idOf(field(session, 'id')), title: textOf(field(session, 'topic')) }
    return { ...chainOf('nextchat', names, links), updatedAtMs: timeOf(field(session, 'lastUpdate')) }
  })
}

/** One of the `chats` of a BetterChatGPT export; null for anything else. */
export function parseBetterChatGpt(value: unknown): ForeignChat | null {
  const messages = field(value, 'messages')
  if (!Array.isArray(messages)) return null
  const model = modelName('openai', fieldAt(value, 'config', 'model'))
  const names = { id: idOf(field(value, 'id')), title: textOf(field(value, 'title')) }
  return chainOf(
    'betterchatgpt',
    names,
    messages.map(message => plainLink(message, model)),
  )
}

/** The same in a list of its own, as its first versions wrote it: known by what no other program has. */
export function parseListedBetterChatGpt(value: unknown): ForeignChat | null {
  const isOurs = field(value, 'titleSet') !== undefined || fieldAt(value, 'config', 'model') !== undefined
  return isOurs ? parseBetterChatGpt(value) : null
}

/** One of the `history` of a ChatbotUI export; null for anything else. */
export function parseChatbotUi(value: unknown): ForeignChat | null {
  const messages = field(value, 'messages')
  if (!Array.isArray(messages)) return null
  const model = modelName('openai', fieldAt(value, 'model', 'id'))
  const names = { id: idOf(field(value, 'id')), title: textOf(field(value, 'name')) }
  const chat = chainOf(
    'chatbotui',
    names,
    messages.map(message => plainLink(message, model)),
  )
  return { ...chat, systemPrompt: textOf(field(value, 'prompt')) ?? chat.systemPrompt }
}

function plainLink(message: unknown, model: string | null): Link {
  const content = field(message, 'content')
  const parts = listOf(content).map(part => (typeof part === 'string' ? part : field(part, 'text')))
  const words = parts.map(text => (typeof text === 'string' ? text : missingLine('picture', null)))
  return {
    id: null,
    role: field(message, 'role'),
    content: typeof content === 'string' ? content : words.filter(Boolean).join('\n\n'),
    model,
    missing: parts.filter(text => typeof text !== 'string').length,
  }
}
