import type { RowKind } from '#shared/sync-kinds.ts'
import { PURGED_FLAG } from '#shared/sync-row.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'

/** A row of the feed as the line of JSON that stands on the wire (see `FeedRow`), and where it stands. */
type FeedLine = { readonly rev: number; readonly line: string }

/** `more`: rows follow behind the last of these. */
export type FeedPage = { readonly lines: readonly FeedLine[]; readonly more: boolean }

/** How a column becomes a field: `value` is quoted as JSON, `json` is JSON already and goes through as it is. */
type Columns = Readonly<Record<string, 'value' | 'json'>>

const COLUMNS: Readonly<Record<RowKind, Columns>> = {
  conversations: {
    title: 'value',
    model: 'value',
    system_prompt: 'value',
    params: 'json',
    tags: 'json',
    active_leaf_id: 'value',
    pinned_at: 'value',
    archived_at: 'value',
    deleted_at: 'value',
    created_at: 'value',
    updated_at: 'value',
  },
  messages: {
    conversation_id: 'value',
    parent_id: 'value',
    role: 'value',
    content: 'value',
    reasoning: 'value',
    attachments: 'json',
    citations: 'json',
    model: 'value',
    status: 'value',
    finish_reason: 'value',
    error: 'json',
    run_id: 'value',
    tokens_input: 'value',
    tokens_output: 'value',
    tokens_cache_read: 'value',
    tokens_cache_write: 'value',
    tokens_reasoning: 'value',
    cost_nanousd: 'value',
    price_state: 'value',
    device_id: 'value',
    deleted_at: 'value',
    created_at: 'value',
    first_token_at: 'value',
    first_text_at: 'value',
    finished_at: 'value',
  },
  personas: {
    name: 'value',
    system_prompt: 'value',
    model: 'value',
    params: 'json',
    deleted_at: 'value',
    created_at: 'value',
  },
  settings: { value: 'json', created_at: 'value' },
  attachments: {
    sha256: 'value',
    name: 'value',
    media_type: 'value',
    bytes: 'value',
    width: 'value',
    height: 'value',
    deleted_at: 'value',
    created_at: 'value',
  },
  usage_logs: {
    run_id: 'value',
    attempt: 'value',
    conversation_id: 'value',
    message_id: 'value',
    device_id: 'value',
    provider: 'value',
    model: 'value',
    served_model: 'value',
    outcome: 'value',
    tokens_input: 'value',
    tokens_output: 'value',
    tokens_cache_read: 'value',
    tokens_cache_write: 'value',
    tokens_reasoning: 'value',
    cost_nanousd: 'value',
    price_state: 'value',
    price_version: 'value',
    price_lines: 'json',
    raw_usage: 'json',
    provider_request_id: 'value',
    timestamp: 'value',
  },
}

const KINDS = Object.keys(COLUMNS).filter(isRowKind)
/** SQLite takes at most so many arguments in one call (SQLITE_MAX_FUNCTION_ARG of older builds is 100). */
const MOST_ARGUMENTS = 90

/**
 * A value that is compared as it comes makes SQLite plan the statement anew whenever it changes (it is built with STAT4), which
 * takes twenty times as long as finding no row. The sum says nothing about the value beforehand.
 */
const OF_USER = 'user_id = ? + 0'
/** Texts of statements are long, and are what a prepared one is looked up by: each is put together once. */
const selects = new Map<string, string>()
const AFTER = Object.fromEntries(KINDS.map(kind => [kind, `${select(kind)} WHERE ${OF_USER} AND rev > ? ORDER BY rev`]))
/** A page ends with the row that takes it over this many characters: whole pages are held in memory on both ends. */
const MOST_PAGE_LENGTH = 2 * 1024 * 1024

/**
 * The user's rows with a position above `after`, in order, at most `limit`, and fewer where they are long. Each kind is read
 * along its own index and the streams are merged, so that a page costs what it holds however large the tables are.
 */
export function readFeed(sqlite: Sqlite, userId: number, after: number, limit: number): FeedPage {
  const streams = KINDS.map(kind => prepare<FeedLine>(sqlite, AFTER[kind] ?? '').iterate(userId, after))
  try {
    return mergePage(streams, limit)
  } finally {
    // A statement that is left in the middle would be busy for the next reader.
    for (const stream of streams) stream.return?.()
  }
}

function mergePage(streams: readonly Iterator<FeedLine>[], limit: number): FeedPage {
  const lines: FeedLine[] = []
  const waiting = streams.map(stream => ({ stream, next: stream.next() }))
  let length = 0
  while (lines.length < limit && length < MOST_PAGE_LENGTH) {
    let first: (typeof waiting)[number] | null = null
    for (const candidate of waiting) {
      if (!candidate.next.done && candidate.next.value.rev < (first?.next.value.rev ?? Number.POSITIVE_INFINITY)) {
        first = candidate
      }
    }
    if (!first) break
    const line: FeedLine = first.next.value
    lines.push(line)
    length += line.line.length
    first.next = first.stream.next()
  }
  return { lines, more: waiting.some(({ next }) => !next.done) }
}

export type ListPage = { readonly limit: number; readonly before: string | null }

/** A page of the first load: what is not purged, newest first. `before` is what the page before ended with. */
export function readRows(
  sqlite: Sqlite,
  kind: Exclude<RowKind, 'messages' | 'conversations'>,
  userId: number,
  page: ListPage,
): { readonly lines: string[]; readonly before: string | null } {
  const alive = kind === 'usage_logs' ? '' : 'AND purged = 0'
  const found = prepare<FeedLine>(
    sqlite,
    `${select(kind)} WHERE ${OF_USER} AND rev < ? ${alive} ORDER BY rev DESC LIMIT ?`,
  ).all(userId, page.before === null ? Number.MAX_SAFE_INTEGER : Number(page.before), page.limit)
  const last = found.at(-1)
  const hasMore = last !== undefined && found.length === page.limit
  return { lines: found.map(({ line }) => line), before: hasMore ? String(last.rev) : null }
}

type ConversationLine = FeedLine & { readonly id: string; readonly updated_at: number }

/** The same for conversations, by when they were last touched; those in the trash are among them. */
export function readConversations(
  sqlite: Sqlite,
  userId: number,
  page: ListPage,
): { readonly lines: string[]; readonly before: string | null } {
  const [updatedAt, id] = page.before?.split('~') ?? []
  const found = prepare<ConversationLine>(
    sqlite,
    `${select('conversations', ', id, updated_at')} WHERE ${OF_USER} AND purged = 0 AND (updated_at, id) < (?, ?)
     ORDER BY updated_at DESC, id DESC LIMIT ?`,
  ).all(userId, updatedAt === undefined ? Number.MAX_SAFE_INTEGER : Number(updatedAt), id ?? '', page.limit)
  const last = found.at(-1)
  const hasMore = last !== undefined && found.length === page.limit
  return { lines: found.map(({ line }) => line), before: hasMore ? `${last.updated_at}~${last.id}` : null }
}

/**
 * The messages of one conversation that are not purged, by id, from behind `after`; to be left off wherever a page is full. The
 * plus signs keep SQLite from going through all that the user has instead of the conversation.
 */
export function iterateMessages(
  sqlite: Sqlite,
  userId: number,
  conversationId: string,
  after: string | null,
): IterableIterator<{ readonly id: string; readonly line: string }> {
  return prepare<{ id: string; line: string }>(
    sqlite,
    `${select('messages', ', id')} WHERE conversation_id = ? || '' AND +user_id = ? AND purged = 0 AND +id > ? ORDER BY id`,
  ).iterate(conversationId, userId, after ?? '')
}

function select(kind: RowKind, more = ''): string {
  const name = kind + more
  const text = selects.get(name) ?? writeSelect(kind, more)
  selects.set(name, text)
  return text
}

/** The line is put together by SQLite itself, in one copy: a row crosses into JavaScript as one string. */
function writeSelect(kind: RowKind, more: string): string {
  const columns = Object.entries(COLUMNS[kind])
  const fields = columns.flatMap(([column, form], index) => [
    `'${index === 0 ? '{' : ','}"${column}":'`,
    form === 'json' ? `coalesce(${column}, 'null')` : `json_quote(${column})`,
  ])
  const conversation = kind === 'messages' || kind === 'usage_logs' ? 'json_quote(conversation_id)' : `'null'`
  const head = [`'["${kind}",'`, 'json_quote(id)', `','`, 'rev', `','`, conversation]
  const alive = concat([...head, `',0,'`, ...fields, `'},'`, kind === 'usage_logs' ? `'{}'` : 'at', `']'`])
  const purged = concat([...head, `',${PURGED_FLAG},{},{}]'`])
  const line = kind === 'usage_logs' ? alive : `CASE purged WHEN 0 THEN ${alive} ELSE ${purged} END`
  return `SELECT rev, ${line} AS line${more} FROM ${kind}`
}

function concat(parts: readonly string[]): string {
  if (parts.length > MOST_ARGUMENTS) throw new Error('More columns than one call of concat can take')
  return `concat(${parts.join(', ')})`
}

function isRowKind(kind: string): kind is RowKind {
  return kind in COLUMNS
}
