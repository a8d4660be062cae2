import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { type MemoryDisk, rowAt, rowsOf } from '../database/memory-disk.ts'
import { createMemoryHost } from '../sync-host/memory-host.ts'
import type { LedgerCall } from '../usage/ledger-call.ts'
import { callsOf, chatRow, PREVIEW_MESSAGES, shelfOf, storedChat } from './chat-row.ts'
import type { ConversationPage, HeldHere, KeepingDevice, PageOptions, PutAway, Shelf, StoredChat } from './device.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import { findOnServer } from './find-on-server.ts'
import { parseConversationRow, parseLedgerRow, parseSpendingRow } from './parse.ts'
import { parseSettings } from './parse-settings.ts'
import { shownPersonas } from './read-setup.ts'
import { createSyncLog } from './sync-log.ts'

/** A device that keeps nothing beyond its page. */
export function createMemoryDevice(options: Parameters<typeof createMemoryHost>[0]): KeepingDevice {
  const { disk, version, ...host } = createMemoryHost(options)
  const live = <Value>(read: () => Value): ReadonlySignal<Value> =>
    computed(() => {
      void version.value
      return read()
    })
  return {
    ...host,
    conversations: (_, page) => live(() => readPage(disk, page)),
    putAway: () => live(() => countPutAway(disk)),
    chat: (_, conversationId) => live(() => readChat(disk, conversationId)),
    calls: (_, answer) => live(() => callsOf(rowsOf(disk, 'usage_logs'), answer.id)),
    spending: (_, fromMs) =>
      live(() =>
        rowsOf(disk, 'usage_logs')
          .flatMap(row => parseSpendingRow(row) ?? [])
          .filter(({ timestamp }) => timestamp >= fromMs),
      ),
    ledger: (_, { fromMs, toMs }) =>
      live(() => readLedger(disk).filter(({ timestamp }) => timestamp >= fromMs && timestamp < toMs)),
    ledgerStart: () => live(() => readLedger(disk)[0]?.timestamp ?? null),
    titles: (_, ids) => live(() => readTitles(disk, ids)),
    settings: () => live(() => parseSettings(rowsOf(disk, 'settings'))),
    id: () => live(() => rowAt(disk, 'meta', 'sync')?.device ?? null),
    personas: () => live(() => shownPersonas(rowsOf(disk, 'personas'))),
    lost: () => live(() => rowsOf(disk, 'lost').toSorted((left, right) => right.lost_at - left.lost_at)),
    heldHere: () => live(() => countHeld(disk)),
    syncLog: createSyncLog(options.alive, host.status, options.clock),
    search: signal({ kind: 'away' } as const),
    find: text => findOnServer(options, text),
    drafts: createMemoryDrafts(),
    lookAhead: () => undefined,
  }
}

function readPage(disk: MemoryDisk, { shelf, most }: PageOptions): ConversationPage {
  const found = rowsOf(disk, 'conversations')
    .filter(row => shelfOf(row) === shelf)
    .toSorted((left, right) => Number(right['updated_at']) - Number(left['updated_at']))
  const [messages, calls] = [rowsOf(disk, 'messages'), rowsOf(disk, 'usage_logs')]
  const isOf = (id: string) => (row: { readonly [field: string]: unknown }) => row['conversation_id'] === id
  const older = found.slice(most).filter(row => shelf === 'chats' && typeof row['pinned_at'] === 'number')
  const shown = [...older, ...found.slice(0, most)].flatMap(row => parseConversationRow(row) ?? [])
  const phase = rowAt(disk, 'meta', 'sync')?.first_load.phase ?? 'boot'
  return {
    rows: shown.map(conversation => {
      const newest = messages.filter(isOf(conversation.id)).slice(-PREVIEW_MESSAGES)
      return chatRow(conversation, { newest, calls: calls.filter(isOf(conversation.id)) })
    }),
    hasMore: found.length > most,
    isComplete: phase !== 'boot' && phase !== 'conversations',
    isAllHere: phase === 'done',
  }
}

function countPutAway(disk: MemoryDisk): PutAway {
  const count = (shelf: Shelf): number => rowsOf(disk, 'conversations').filter(row => shelfOf(row) === shelf).length
  return { archive: count('archive'), trash: count('trash') }
}

function readChat(disk: MemoryDisk, conversationId: string): StoredChat {
  const found = rowsOf(disk, 'messages').filter(message => message['conversation_id'] === conversationId)
  return storedChat(rowAt(disk, 'conversations', conversationId), found, {
    isWhole: true,
    isComplete: rowAt(disk, 'unloaded', conversationId) === undefined,
    deviceId: rowAt(disk, 'meta', 'sync')?.device ?? null,
  })
}

/** In the order of time. */
function readLedger(disk: MemoryDisk): readonly LedgerCall[] {
  return rowsOf(disk, 'usage_logs')
    .flatMap(row => parseLedgerRow(row) ?? [])
    .toSorted((left, right) => left.timestamp - right.timestamp)
}

function readTitles(disk: MemoryDisk, ids: readonly string[]): ReadonlyMap<string, string> {
  const rows = ids.map(id => rowAt(disk, 'conversations', id))
  return new Map(rows.flatMap(row => (typeof row?.['title'] === 'string' ? [[row.id, row['title']]] : [])))
}

function countHeld(disk: MemoryDisk): HeldHere {
  const conversations = rowsOf(disk, 'conversations').filter(({ purged }) => !purged).length
  return { conversations, unloaded: Math.min(conversations, rowsOf(disk, 'unloaded').length) }
}

function createMemoryDrafts(): DraftKeeper {
  const drafts = new Map<string | null, string>()
  return {
    read: id => Promise.resolve(drafts.get(id) ?? ''),
    write: (id, text) => {
      drafts.set(id, text)
      return Promise.resolve()
    },
  }
}
