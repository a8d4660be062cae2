import { isSearch, parseQuery, passesFilters, type SearchQuery } from '#shared/search-query.ts'
import { makeSnippet } from '#shared/search-snippet.ts'
import { findMatches, holdsParts, type SearchPart } from '#shared/search-text.ts'
import type { ConversationFacts } from './conversation-facts.ts'
import type { FindAnswer, FoundChat, MarkedText } from './find-answer.ts'
import type { FoundMessage } from './find-in-parts.ts'
import type { MessageFacts } from './indexed-message.ts'
import { loosenedParts } from './loosened-parts.ts'
import type { WordQuery } from './match-docs.ts'
import type { SearchIndex } from './search-index.ts'

export type FindPorts = {
  readonly index: SearchIndex
  /** All chats of this device. */
  readonly conversations: ReadonlyMap<string, ConversationFacts>
  /** The texts of messages, empty for one that is gone. */
  readonly contents: (keys: readonly (readonly [conversationId: string, id: string])[]) => Promise<readonly string[]>
  readonly now: () => number
}

/** More are not counted: nobody reads them, and a common word has a hundred thousand. */
const MOST_HITS = 200
const MOST_CHATS = 50
const MOST_NEAR = 5
/** What is nearly right is shown while there is little that is right. */
const FEW_CHATS = 5

type Gathered = { readonly atMs: number; readonly messageIds: string[] }

/** Finds messages, and chats by their titles, in what this device keeps. */
export async function findMessages(text: string, ports: FindPorts, share: number): Promise<FindAnswer> {
  const startedAt = ports.now()
  const query = parseQuery(text)
  const { problems } = query
  if (!isSearch(query)) return { text, chats: [], hits: 0, hasMore: false, near: [], problems, tookMs: 0, share }
  const { found, hits, hasMore } = query.isInTitle
    ? { found: new Map<string, Gathered>(), hits: 0, hasMore: false }
    : gather(ports, query, { ...query, isInside: false })
  addTitles(found, query, ports)
  const chats = await show(found, query.parts, ports)
  const near = found.size > FEW_CHATS || query.isInTitle ? [] : await findNear(found, query, ports)
  return { text, chats, hits, hasMore, near, problems, tookMs: ports.now() - startedAt, share }
}

function gather({ index, conversations }: FindPorts, query: SearchQuery, words: WordQuery, most = MOST_HITS) {
  const found = new Map<string, Gathered>()
  const passes = messageFilter(query, conversations)
  let hits = 0
  for (const message of index.find(words)) {
    if (!passes(message)) continue
    if (hits === most) return { found, hits, hasMore: true }
    hits++
    const { id, conversationId } = message.facts()
    const chat = found.get(conversationId)
    if (chat === undefined) found.set(conversationId, { atMs: message.createdAtMs, messageIds: [id] })
    else chat.messageIds.push(id)
  }
  return { found, hits, hasMore: false }
}

/** Whether a message is one to show: its chat is here and not in the trash, and the filters fit. */
function messageFilter(
  { filters }: SearchQuery,
  conversations: ReadonlyMap<string, ConversationFacts>,
): (message: FoundMessage) => boolean {
  const chats = new Map<unknown, Map<number, ConversationFacts | undefined>>()
  return message => {
    const { segment, conversation } = message
    const known = chats.get(segment) ?? new Map<number, ConversationFacts | undefined>()
    chats.set(segment, known)
    if (!known.has(conversation)) known.set(conversation, conversations.get(segment.conversationId(conversation)))
    const chat = known.get(conversation)
    if (chat === undefined || chat.isInTrash) return false
    return filters.length === 0 || passesFilters(filters, subjectOf(message.facts(), chat))
  }
}

function subjectOf(facts: MessageFacts, chat: ConversationFacts) {
  return { ...facts, tags: chat.tags, isPinned: chat.isPinned, isArchived: chat.isArchived }
}

/** Chats that hold the words in their titles; filters on messages are not theirs to meet. */
function addTitles(found: Map<string, Gathered>, query: SearchQuery, { conversations }: FindPorts): void {
  const { parts, without, filters } = query
  const isOfChats = filters.every(({ kind }) => kind === 'is' || kind === 'tag')
  if ((parts.length === 0 && !query.isInTitle) || !isOfChats) return
  for (const [id, chat] of conversations) {
    if (found.has(id) || chat.isInTrash || !holdsParts(chat.title, parts)) continue
    if (without.some(part => holdsParts(chat.title, [part]))) continue
    const subject = { ...NO_MESSAGE, ...chat, createdAtMs: chat.updatedAtMs }
    if (passesFilters(filters, subject)) found.set(id, { atMs: chat.updatedAtMs, messageIds: [] })
  }
}

const NO_MESSAGE = { model: null, role: '', hasCode: false, hasImage: false } as const

async function show(
  found: ReadonlyMap<string, Gathered>,
  parts: readonly SearchPart[],
  { conversations, contents }: FindPorts,
): Promise<readonly FoundChat[]> {
  const newest = [...found].sort(([, left], [, right]) => right.atMs - left.atMs).slice(0, MOST_CHATS)
  const shown = newest.flatMap(([id, { messageIds }]) =>
    messageIds[0] === undefined ? [] : [[id, messageIds[0]] as const],
  )
  const texts = new Map((await contents(shown)).map((text, index) => [shown[index]?.[0], text]))
  return newest.map(([conversationId, { atMs, messageIds }]) => {
    const text = texts.get(conversationId)
    return {
      conversationId,
      title: markAll(conversations.get(conversationId)?.title ?? '', parts),
      atMs,
      messageIds,
      snippet: text === undefined ? null : snippetOf(text, parts),
    }
  })
}

function snippetOf(content: string, parts: readonly SearchPart[]): MarkedText {
  const { snippet, offsets } = makeSnippet(content, parts)
  return { text: snippet, marks: offsets }
}

function markAll(text: string, parts: readonly SearchPart[]): MarkedText {
  return { text, marks: findMatches(text, parts, text.length) }
}

/** First what has the letters inside other words, then what holds all words but one. */
async function findNear(
  found: ReadonlyMap<string, Gathered>,
  query: SearchQuery,
  ports: FindPorts,
): Promise<readonly FoundChat[]> {
  const { parts, without } = query
  const near = new Map<string, Gathered>()
  const take = (more: ReadonlyMap<string, Gathered>): void => {
    for (const [id, chat] of more) if (!found.has(id) && !near.has(id) && near.size < MOST_NEAR) near.set(id, chat)
  }
  if (parts.length > 0) take(gather(ports, query, { parts, without, isInside: true }).found)
  for (let left = parts.length - 1; left >= 0 && parts.length > 1 && near.size < MOST_NEAR; left--) {
    const rest = parts.filter((_, index) => index !== left)
    take(gather(ports, query, { parts: rest, without, isInside: false }, MOST_NEAR * 4).found)
  }
  return show(near, loosenedParts(parts), ports)
}
