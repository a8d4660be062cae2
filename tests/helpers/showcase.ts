import { randomBytes } from 'node:crypto'
import { BUDGET_SETTING, type Budget } from '#shared/budget.ts'
import { makeId } from '#shared/ids.ts'
import { insertConversation, insertMessage } from '../../server/conversations/conversations-store.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { insertRow } from '../../server/database/query.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter, type WriteTransaction } from '../../server/database/writer.ts'
import { SHOWN_CHATS, type ShownChat, type ShownTurn } from './showcase-chats.ts'

const MINUTE_MS = 60_000
const DEVICES = [
  { id: '01900000-0000-7000-8000-00000000000a', name: 'kitchen phone' },
  { id: '01900000-0000-7000-8000-00000000000b', name: 'laptop' },
] as const

/** Writes chats that show every part of the interface into a new database at `path`, the newest a few minutes before `now`. */
export function writeShowcase(path: string, now: number): void {
  const sqlite = openDatabase(path)
  try {
    for (const { id, name } of DEVICES) {
      insertRow(sqlite, 'devices', { id, user_id: OWNER_USER_ID, name, last_n: 0, schema: 1, seen_at: now })
    }
    // Oldest first, as they would have come.
    for (const [index, chat] of SHOWN_CHATS.toReversed().entries()) {
      const at = now - chat.age * MINUTE_MS
      const writer = createWriter({ sqlite, clock: { now: () => at }, randomBytes })
      writer.write(transaction => writeChat(transaction, chat, DEVICES[index % 2]?.id ?? null))
    }
    createWriter({ sqlite, clock: { now: () => now }, randomBytes }).write(writeLimits)
  } finally {
    sqlite.close()
  }
}

function writeLimits({ sqlite, now, nextRev }: WriteTransaction): void {
  const limits = (stop_nanousd: number) => ({ warn_nanousd: null, stop_nanousd })
  const budget: Budget = { time_zone: 'UTC', day: limits(50_000_000), month: limits(80_000_000) }
  insertRow(sqlite, 'settings', {
    id: BUDGET_SETTING,
    user_id: OWNER_USER_ID,
    rev: nextRev(),
    value: JSON.stringify(budget),
    created_at: now,
  })
}

function writeChat(transaction: WriteTransaction, chat: ShownChat, device: string | null): void {
  const { now } = transaction
  const id = transaction.makeId()
  const place = { conversation: id, model: chat.model, device }
  let leaf: string | null = null
  const began = now - chat.turns.length * MINUTE_MS
  const turns = chat.turns.map((turn, index) => ({ turn, at: began + index * MINUTE_MS }))
  insertConversation(transaction, {
    id,
    user_id: OWNER_USER_ID,
    rev: transaction.nextRev(),
    title: chat.title,
    model: chat.model,
    tags: JSON.stringify(chat.tags ?? []),
    pinned_at: chat.shelf === 'pinned' ? now : null,
    archived_at: chat.shelf === 'archive' ? now : null,
    deleted_at: chat.shelf === 'trash' ? now : null,
    created_at: began,
    updated_at: now,
  })
  for (const { turn, at } of turns) leaf = writeTurn(transaction, place, { turn, at, parent: leaf })
  transaction.sqlite.prepare('UPDATE conversations SET active_leaf_id = ? WHERE id = ?').run(leaf, id)
}

type Place = { readonly conversation: string; readonly model: string; readonly device: string | null }

/** Gives the id of the answer that the next turn follows. */
function writeTurn(
  transaction: WriteTransaction,
  place: Place,
  { turn, at, parent }: { readonly turn: ShownTurn; readonly at: number; readonly parent: string | null },
): string {
  // Made when it was asked, as ids are: the list sees the newest messages by them.
  const question = makeId(at, randomBytes)
  const common = { user_id: OWNER_USER_ID, conversation_id: place.conversation, device_id: place.device }
  insertMessage(transaction, {
    ...common,
    id: question,
    rev: transaction.nextRev(),
    parent_id: parent,
    role: 'user',
    content: turn.ask,
    status: 'complete',
    created_at: at,
  })
  let last = question
  for (const [index, answer] of turn.answers.entries()) {
    const createdAt = at + 1_000 + index * 10_000
    last = makeId(createdAt, randomBytes)
    const runId = transaction.makeId()
    const tokens = {
      tokens_input: answer.tokens?.input ?? 0,
      tokens_output: answer.tokens?.output ?? 0,
      tokens_cache_read: answer.tokens?.cacheRead ?? 0,
      tokens_cache_write: 0,
      tokens_reasoning: answer.reasoning === undefined ? 0 : Math.round(answer.reasoning.length / 4),
    }
    const cost = answer.costNanousd ?? null
    const price_state = cost === null ? 'unpriced' : 'estimated'
    insertMessage(transaction, {
      ...common,
      ...tokens,
      id: last,
      rev: transaction.nextRev(),
      parent_id: question,
      role: 'assistant',
      content: answer.text,
      reasoning: answer.reasoning ?? null,
      model: place.model,
      status: answer.status ?? 'complete',
      error: answer.error === undefined ? null : JSON.stringify(answer.error),
      run_id: runId,
      cost_nanousd: cost,
      price_state,
      created_at: createdAt,
      first_token_at: createdAt + 412,
      first_text_at: createdAt + 2_400,
      finished_at: createdAt + 6_100,
    })
    insertRow(transaction.sqlite, 'usage_logs', {
      ...common,
      ...tokens,
      id: transaction.makeId(),
      rev: transaction.nextRev(),
      run_id: runId,
      attempt: 1,
      message_id: last,
      provider: place.model.split('/')[0] ?? '',
      model: place.model,
      outcome: answer.status ?? 'complete',
      cost_nanousd: cost,
      price_state,
      timestamp: createdAt,
    })
  }
  return last
}
