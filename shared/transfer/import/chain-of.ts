import { type ForeignChat, type ForeignKind, type ForeignNode, PLAIN_CHAT, PLAIN_MESSAGE } from './foreign-chat.ts'
import { textOf } from './peek.ts'
import { stableId } from './stable-id.ts'

/** What is told of one message of a chain. */
export type Link = {
  /** Null: its place in the chain and its words are all there is to know it by. */
  readonly id: string | null
  readonly role: unknown
  readonly content: string
  readonly reasoning?: string
  readonly model?: string | null
  readonly error?: string | null
  readonly timeMs?: number | null
  /** Pictures and files it names. */
  readonly missing?: number
}

type Names = { readonly id: string | null; readonly title: string | null }

/**
 * A chat of messages that follow each other; the system's words before the first of them are the chat's system prompt. A chat
 * without an id is known by its title and its first message: two that begin alike become branches of one, and neither is lost.
 */
export function chainOf(source: ForeignChat['source'], { id, title }: Names, links: readonly Link[]): ForeignChat {
  const firstSaid = links.findIndex(({ role }) => role !== 'system')
  const system: string[] = []
  let before: string | null = null
  const nodes = links.map((link, index): ForeignNode => {
    const isLeading = link.role === 'system' && (firstSaid < 0 || index < firstSaid)
    const place = { id: link.id ?? idByWords(isLeading ? `${index}` : before, link), timeMs: link.timeMs ?? null }
    const parentId = before
    if (!isLeading) before = place.id
    if (isLeading && link.content.trim() !== '') system.push(link.content)
    return { ...place, parentId, ...kindOf(link, isLeading) }
  })
  return {
    ...PLAIN_CHAT,
    source,
    id: id ?? `${title ?? ''}\n${nodes[Math.max(0, firstSaid)]?.id ?? ''}`,
    title,
    nodes,
    systemPrompt: system.length === 0 ? null : system.join('\n\n'),
    missing: links.reduce((sum, { missing = 0 }) => sum + missing, 0),
  }
}

function kindOf({ role, content, reasoning = '', model = null, error = null }: Link, isLeading: boolean): ForeignKind {
  if (content.trim() === '' && reasoning === '' && error === null) return { kind: 'skip', reason: 'no text in it' }
  if (isLeading) return { kind: 'skip', reason: 'the system prompt: it is kept with the chat' }
  if (role === 'assistant') return { ...PLAIN_MESSAGE, role, content, reasoning: reasoning || null, model, error }
  if (role !== 'user' && role !== 'system') return { kind: 'skip', reason: 'its sender is unknown' }
  return { ...PLAIN_MESSAGE, role, content: [content, reasoning].filter(Boolean).join('\n\n') }
}

/** An answer that was asked for again is another one, and all that follows it too. */
function idByWords(before: string | null, { role, content }: Link): string {
  return stableId('chain', `${before ?? ''}\n${textOf(role) ?? ''}\n${content}`, 0)
}
