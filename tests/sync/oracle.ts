import { type SyncRow, UNTOLD_ERA } from '#shared/sync-row.ts'
import type { MemoryDisk, RowChange } from '../../client/database/memory-disk.ts'
import { rowAt, rowsOf } from '../../client/database/memory-disk.ts'
import type { StoredMutation, SyncMeta } from '../../client/sync/sync-store.ts'
import { TRACKED } from './user-acts.ts'

/** One value that a user set, and what it replaced when they saw it. */
type Write = {
  readonly value: string
  readonly field: string
  readonly row: string
  readonly disk: MemoryDisk
  readonly mid: string
  readonly madeAt: number
}

/** A row that a user made. */
type Insert = {
  readonly kind: string
  readonly id: string
  readonly conversationId: string | null
  readonly content: string
  readonly disk: MemoryDisk
  readonly mid: string
  readonly madeAt: number
}

type Purge = { readonly row: string; readonly disk: MemoryDisk; readonly mid: string }

/** What users did and saw, read off the commits of their disks: the engine is never asked what it thinks it did. */
export interface Oracle {
  readonly writes: readonly Write[]
  readonly inserts: readonly Insert[]
  readonly purges: readonly Purge[]
  readonly asked: ReadonlyMap<string, { readonly disk: MemoryDisk; readonly mid: string }>
  readonly cancelled: ReadonlySet<string>
  watch(disk: MemoryDisk): void
  /** True when `value` had been seen, directly or not, by who set `later`. */
  isAncestor(value: string, later: string): boolean
}

export type Violation = { readonly invariant: string; readonly detail: string }

type OracleOptions = {
  readonly now: () => number
  readonly report: (violation: Violation) => void
  readonly trace: (line: string) => void
  readonly onCursor: (disk: MemoryDisk, meta: SyncMeta) => void
  /** After a restore an answer may be known only in part. */
  readonly mayShrink: () => boolean
}

const WATCHED = ['conversations', 'messages', 'personas', 'settings'] as const

export function createOracle(options: OracleOptions): Oracle {
  const parents = new Map<string, string | null>()
  const seen = new Set<string>()
  const writes: Write[] = []
  const inserts: Insert[] = []
  const purges: Purge[] = []
  const asked = new Map<string, { disk: MemoryDisk; mid: string }>()
  const cancelled = new Set<string>()

  function isAncestor(value: string, later: string): boolean {
    const visited = new Set<string>()
    for (let at = parents.get(later); at; at = parents.get(at)) {
      if (at === value) return true
      if (visited.has(at)) return false
      visited.add(at)
    }
    return false
  }

  function noteMutation(disk: MemoryDisk, mutation: StoredMutation, changes: readonly RowChange[]): void {
    const { body, mid, origin } = mutation
    if (origin === 'merge') return
    const note = { disk, mid, madeAt: options.now() }
    const isNew = !seen.has(mid)
    seen.add(mid)
    if (isNew && body.op === 'run.start') asked.set(body.id, note)
    if (isNew && body.op === 'run.cancel') cancelled.add(body.id)
    if (isNew && body.op === 'purge') purges.push({ row: `${body.kind}/${body.id}`, ...note })
    if (body.op !== 'put' && body.op !== 'set') return
    const row = `${body.kind}/${body.id}`
    if (isNew && body.op === 'put' && body.kind !== 'settings' && body.kind !== 'personas') {
      inserts.push({
        kind: body.kind,
        id: body.id,
        conversationId: mutation.row?.conversation_id ?? null,
        content: String(body.set['content']?.[0]),
        ...note,
      })
    }
    const change = changes.find(({ table, after }) => table === body.kind && isRow(after) && after.id === body.id)
    for (const [field, [value]] of Object.entries(body.set)) {
      if (typeof value !== 'string' || !value.startsWith(TRACKED) || parents.has(value)) continue
      const before = isRow(change?.before) ? change.before[field] : undefined
      parents.set(value, typeof before === 'string' && before.startsWith(TRACKED) ? before : null)
      writes.push({ value, field, row, ...note })
    }
  }

  /** What was brought in, and what was done to it before the log knew of it. */
  function noteUntold(disk: MemoryDisk, { table, before, after }: RowChange): void {
    if (!isRow(after) || after.era !== UNTOLD_ERA || (table !== 'conversations' && table !== 'messages')) return
    const note = { disk, mid: after.id, madeAt: options.now() }
    const conversationId = table === 'messages' ? String(after['conversation_id']) : null
    if (before === undefined) {
      inserts.push({ kind: table, id: after.id, conversationId, content: String(after['content']), ...note })
    }
    for (const [field, value] of Object.entries(after)) {
      if (typeof value !== 'string' || !value.startsWith(TRACKED) || parents.has(value)) continue
      const old = isRow(before) ? before[field] : undefined
      parents.set(value, typeof old === 'string' && old.startsWith(TRACKED) ? old : null)
      writes.push({ value, field, row: `${table}/${after.id}`, ...note })
    }
  }

  function checkShown(disk: MemoryDisk, { table, before, after }: RowChange): void {
    if (!WATCHED.some(name => name === table)) return
    if (table === 'messages' && isRow(after) && !after.purged && isConversationPurged(disk, after)) {
      options.report({ invariant: 'I4', detail: `messages/${after.id} came back into its purged conversation` })
    }
    if (!isRow(before)) return
    const name = `${table}/${before.id}`
    if (!isRow(after)) {
      if (!before.purged && !mayVanish(disk, table, before)) {
        options.report({ invariant: 'I8', detail: `${name} vanished` })
      }
      return
    }
    if (before.purged && !after.purged) options.report({ invariant: 'I4', detail: `${name} rose from its tombstone` })
    if (!before.purged && after.purged && !purges.some(({ row }) => row === name || row === ofConversation(before))) {
      options.report({ invariant: 'I4', detail: `${name} was purged by nobody` })
    }
    for (const [field, value] of Object.entries(before)) {
      const now = after[field]
      if (typeof value !== 'string' || typeof now !== 'string' || value === now) continue
      if (isAncestor(now, value)) options.report({ invariant: 'I8', detail: `${name}.${field} went back to ${now}` })
      const isAnswer = table === 'messages' && field === 'content' && before['role'] === 'assistant'
      if (isAnswer && !now.startsWith(value) && !options.mayShrink()) {
        options.report({ invariant: 'I17', detail: `${name} went from “${value}” to “${now}”` })
      }
    }
  }

  return {
    writes,
    inserts,
    purges,
    asked,
    cancelled,
    isAncestor,
    watch: disk => {
      disk.onCommit = changes => {
        for (const { table, after } of changes)
          if (table === 'mut' && isMutation(after)) noteMutation(disk, after, changes)
        for (const change of changes) noteUntold(disk, change)
        for (const change of changes) {
          options.trace(describe(change))
          checkShown(disk, change)
        }
        const meta = rowAt(disk, 'meta', 'sync')
        if (isMeta(meta)) options.onCursor(disk, meta)
      }
    },
  }
}

function isConversationPurged(disk: MemoryDisk, message: SyncRow): boolean {
  const conversation = rowAt(disk, 'conversations', String(message['conversation_id']))
  return isRow(conversation) && conversation.purged
}

/** What may go out of sight: messages with their conversation, and an answer that was asked for and taken back. */
function mayVanish(disk: MemoryDisk, table: string, row: SyncRow): boolean {
  if (table !== 'messages') return isLost(disk, row.id)
  const conversation = rowAt(disk, 'conversations', String(row['conversation_id']))
  if (!isRow(conversation) || conversation.purged || isUnloaded(disk, row)) return true
  return isUnanswered(row) || isLost(disk, row.id)
}

/** Taken off a full disk: noted as such, and without anything that waits to change it. */
function isUnloaded(disk: MemoryDisk, message: SyncRow): boolean {
  const group = String(message['conversation_id'])
  const isNoted = rowAt(disk, 'unloaded', group) !== undefined
  return isNoted && message.rev > 0 && rowAt(disk, 'shadow', ['messages', group, message.id]) === undefined
}

/** An answer of which not a word has come. */
export function isUnanswered(row: SyncRow): boolean {
  return row['role'] === 'assistant' && row['content'] === ''
}

export function isLost(disk: MemoryDisk, id: string): boolean {
  return rowsOf(disk, 'lost').some(entry => JSON.stringify(entry).includes(id))
}

function ofConversation(row: SyncRow): string {
  return `conversations/${String(row['conversation_id'])}`
}

export function isRow(value: unknown): value is SyncRow {
  return typeof value === 'object' && value !== null && 'purged' in value && 'rev' in value
}

function isMutation(value: unknown): value is StoredMutation {
  return typeof value === 'object' && value !== null && 'mid' in value && 'body' in value
}

export function isMeta(value: unknown): value is SyncMeta {
  return typeof value === 'object' && value !== null && 'epoch' in value && 'first_load' in value
}

/** What tells two histories of a disk apart, in few words. */
function describe({ table, after }: RowChange): string {
  if (isRow(after))
    return `${table} ${after.id} ${after.rev} ${after.era} ${after.purged} ${Object.keys(after.at).length}`
  if (isMutation(after)) return `${table} ${after.n} ${after.mid} ${after.sent} ${after.acked}`
  if (isMeta(after))
    return `${table} ${after.device} ${after.cursor} ${after.ack} ${after.next_n} ${after.first_load.phase}`
  return table
}
