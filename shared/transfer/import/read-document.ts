import { AppError } from '../../errors.ts'
import { FILE_FORMAT, type FileChat } from '../file-format.ts'
import type { ForeignChat } from './foreign-chat.ts'
import { IMPORT_LIMITS } from './import-limits.ts'
import { parseBigAgi } from './parse-big-agi.ts'
import { parseBetterChatGpt, parseChatbotUi, parseListedBetterChatGpt, parseNextChat } from './parse-chains.ts'
import { parseChatGpt } from './parse-chatgpt.ts'
import { parseClaude } from './parse-claude.ts'
import { parseGrok } from './parse-grok.ts'
import { parseLibreChat } from './parse-librechat.ts'
import { parseOpenWebUi } from './parse-open-webui.ts'
import { entriesOf, field } from './peek.ts'
import { type DecodeUtf8, type JsonItem, readItems } from './read-items.ts'
import { checkOwnHeader, readOwnChat } from './read-own.ts'

/** A conversation of a file, in our own form or still in that of its program; or what is not a conversation, and why. */
export type FoundChat =
  | { readonly kind: 'own'; readonly chat: FileChat }
  | { readonly kind: 'foreign'; readonly chat: ForeignChat }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'nothing' }

type Parse = (value: unknown) => ForeignChat | null

/** In the order in which they are tried: the shapes of the first ones leave no doubt. */
const IN_A_LIST: readonly Parse[] = [
  ...[parseChatGpt, parseClaude, parseOpenWebUi, parseLibreChat, parseGrok, parseBigAgi, parseListedBetterChatGpt],
]
/** Lists of conversations that are members of the object at the top, and what their elements may be. */
const LISTS: Readonly<Record<string, readonly Parse[]>> = {
  conversations: IN_A_LIST,
  chats: [parseBetterChatGpt],
  history: [parseChatbotUi],
}
/** Where BetterChatGPT and big-AGI keep the names of folders. */
const FOLDERS = 'folders'
/** All that is ever read of an object at the top. What holds keys in some programs' backups is not among it. */
const OTHER_MEMBERS = [
  ...['format', 'version', 'id', 'title', 'messages', 'created', 'updated', 'chat', 'created_at', 'updated_at'],
  ...['conversationId', 'endpoint', 'recursive', 'options', 'messagesTree', 'userTitle', 'autoTitle', 'isArchived'],
  ...['chat-next-web-store', 'mapping', 'current_node', 'create_time', 'update_time', 'conversation_id'],
  ...['default_model_slug', 'is_archived', 'pinned_time', 'is_starred', 'chat_messages', 'uuid', 'name', 'model'],
  ...['current_leaf_message_uuid', 'history', 'archived', 'pinned', 'meta', 'timestamp', 'params', 'system'],
  ...['conversation', 'responses', FOLDERS],
]
const WANTED: ReadonlySet<string> = new Set([...Object.keys(LISTS), ...OTHER_MEMBERS])

const UNKNOWN = 'a conversation of no known format'

/**
 * The conversations of one JSON document, whatever program wrote it, while it comes; or that there is nothing of the kind in it.
 * Throws AppError `bad-json` for what is not JSON, and `bad-request` for what is wrong in our own format.
 */
export async function* readDocument(chunks: AsyncIterable<Uint8Array>, decode: DecodeUtf8): AsyncGenerator<FoundChat> {
  const rest = new Map<string, unknown>()
  let restBytes = 0
  let found = 0
  let hasOwn = false
  for await (const item of readItems(chunks, key => WANTED.has(key), decode)) {
    const parsers = item.isElement ? parsersFor(item.key) : null
    if (parsers !== null) {
      const chat = readElement(item, parsers, { rest, index: found++ })
      hasOwn ||= chat.kind === 'own'
      yield chat
      continue
    }
    restBytes += item.bytes
    if (restBytes > IMPORT_LIMITS.valueBytes)
      throw new AppError('too-large', 'The conversation in this file is too large.')
    keep(rest, item)
  }
  // A tool that sorts names puts the header behind the conversations.
  if (hasOwn || rest.get('format') === FILE_FORMAT) checkOwnHeader(rest.get('format'), rest.get('version'))
  else if (found === 0) yield* readSingle(Object.fromEntries(rest))
  else if (hasFolders(rest.get(FOLDERS))) yield { kind: 'skip', reason: 'the folders: their chats come without them' }
}

function keep(rest: Map<string, unknown>, { key, isElement, value }: JsonItem): void {
  const list = rest.get(key ?? '')
  if (!isElement) rest.set(key ?? '', value)
  else if (Array.isArray(list)) list.push(value)
  else rest.set(key ?? '', [value])
}

function parsersFor(key: string | null): readonly Parse[] | null {
  return key === null ? IN_A_LIST : (LISTS[key] ?? null)
}

function readElement(
  { key, value }: JsonItem,
  parsers: readonly Parse[],
  { rest, index }: { readonly rest: ReadonlyMap<string, unknown>; readonly index: number },
): FoundChat {
  if (key === 'conversations' && (rest.has('format') || looksOwn(value))) {
    if (index === 0 && rest.has('format')) checkOwnHeader(rest.get('format'), rest.get('version'))
    return { kind: 'own', chat: readOwnChat(value, index) }
  }
  if (value === undefined) return { kind: 'skip', reason: 'a conversation of more than 50 MB' }
  const chat = firstOf(parsers, value)
  return chat === null ? { kind: 'skip', reason: UNKNOWN } : { kind: 'foreign', chat }
}

function hasFolders(folders: unknown): boolean {
  const list = Array.isArray(folders) ? folders : field(folders, FOLDERS)
  return Array.isArray(list) ? list.length > 0 : entriesOf(folders).length > 0
}

function looksOwn(value: unknown): boolean {
  return ['active_leaf_id', 'pinned_at', 'messages'].every(name => field(value, name) !== undefined)
}

function* readSingle(value: unknown): Generator<FoundChat> {
  const chat = firstOf(IN_A_LIST, value)
  const chats = chat === null ? parseNextChat(value) : [chat]
  if (chats.length === 0) yield { kind: 'nothing' }
  for (const each of chats) yield { kind: 'foreign', chat: each }
}

function firstOf(parsers: readonly Parse[], value: unknown): ForeignChat | null {
  for (const parse of parsers) {
    const chat = parse(value)
    if (chat !== null) return chat
  }
  return null
}
