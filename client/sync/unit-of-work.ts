import type { MutationBody } from '#shared/sync-overlay.ts'
import type { RowRef, SyncRow } from '#shared/sync-row.ts'
import { SYNC_SCHEMA } from '#shared/wire/sync.ts'
import { createBuffer } from './buffer.ts'
import { type RowChange, readRows, readShadows, refText, shadowKey, writeRows } from './row-tables.ts'
import { newId, newMeta, type SyncContext, serverNow } from './sync-meta.ts'
import type { Shadow, StoredMutation, SyncMeta, SyncTables, Unloaded } from './sync-store.ts'

/** The rows, shadows and mutations that one transaction works on: read once, changed in memory, written once by `flush`. */
export interface UnitOfWork {
  readonly tables: SyncTables
  readonly context: SyncContext
  readonly meta: SyncMeta
  change(meta: Partial<SyncMeta>): void
  /** Reads rows and shadows; only what was loaded may be asked for. */
  load(refs: readonly RowRef[]): Promise<void>
  visible(ref: RowRef): SyncRow | null
  shadow(ref: RowRef): Shadow | null
  /** The server's version as far as it is known. */
  stored(ref: RowRef): SyncRow | null
  show(ref: RowRef, row: SyncRow | null): void
  /** Shows the server's version of a row that says what stood there already. */
  confirm(ref: RowRef, row: SyncRow): void
  setShadow(ref: RowRef, row: SyncRow | null, pending: readonly number[]): void
  dropShadow(ref: RowRef): void
  /** The log from one number to another, with what this unit has done to it. */
  mutationsUpTo(n: number, after?: number): Promise<readonly StoredMutation[]>
  /** The mutations with these numbers, in this order. */
  mutations(numbers: readonly number[]): Promise<readonly StoredMutation[]>
  putMutation(mutation: StoredMutation): void
  deleteMutation(n: number): void
  /** Adds a mutation to the log, and to the shadow of its row (R2). */
  append(body: MutationBody, row: RowRef | null, origin?: StoredMutation['origin']): StoredMutation
  /** Notes a conversation whose messages are still to be fetched. */
  awaitMessages(conversation: Unloaded): void
  /** R8: shows the rows anew, from their shadows and what waits to change them. */
  rebuild(refs: readonly RowRef[]): Promise<void>
  /** Writes what has changed so far. */
  flush(): Promise<void>
}

/** Begins the work of one transaction. */
export async function openUnit(tables: SyncTables, context: SyncContext): Promise<UnitOfWork> {
  let writtenMeta = await tables.meta.get('sync')
  let meta = writtenMeta ?? newMeta(context)
  const rows = createBuffer<RowChange>()
  const shadows = createBuffer<{ ref: RowRef; shadow: Shadow | null }>()
  const mutations = createBuffer<{ n: number; mutation: StoredMutation | null }>()
  const unloaded = createBuffer<Unloaded>()

  const visible = (ref: RowRef) => rows.mustGet(refText(ref)).row
  const shadow = (ref: RowRef) => shadows.mustGet(refText(ref)).shadow
  const stored = (ref: RowRef) => {
    const own = shadow(ref)
    return own === null ? visible(ref) : own.row
  }
  const putMutation = (mutation: StoredMutation) => mutations.set(String(mutation.n), { n: mutation.n, mutation })
  const setShadow = (ref: RowRef, row: SyncRow | null, pending: readonly number[]) => {
    const group = ref.conversation_id ?? ''
    const { kind, id, conversation_id } = ref
    shadows.set(refText(ref), { ref, shadow: { kind, id, conversation_id, group, row, pending } })
  }

  function takeNumber(origin: StoredMutation['origin']): number {
    if (origin === 'merge' && meta.recovery !== null) {
      const n = meta.recovery.merge_n
      meta = { ...meta, recovery: { ...meta.recovery, merge_n: n + 1 } }
      return n
    }
    meta = { ...meta, next_n: meta.next_n + 1 }
    return meta.next_n - 1
  }

  async function readMutations(numbers: readonly number[]): Promise<readonly StoredMutation[]> {
    const missing = numbers.filter(n => !mutations.has(String(n)))
    if (missing.length > 0) {
      for (const mutation of await tables.mut.getMany(missing)) {
        if (mutation !== undefined) mutations.keep(String(mutation.n), { n: mutation.n, mutation })
      }
    }
    return numbers.flatMap(n => mutations.get(String(n))?.mutation ?? [])
  }

  async function readLog(n: number, after?: number): Promise<readonly StoredMutation[]> {
    const stored = await tables.mut.range({ upTo: n, ...(after === undefined ? {} : { after }) })
    for (const mutation of stored) {
      if (!mutations.has(String(mutation.n))) mutations.keep(String(mutation.n), { n: mutation.n, mutation })
    }
    return stored.flatMap(mutation => mutations.get(String(mutation.n))?.mutation ?? [])
  }

  return {
    tables,
    context,
    get meta() {
      return meta
    },
    change: change => {
      meta = { ...meta, ...change }
    },
    load: async refs => {
      const missing = refs.filter(ref => !rows.has(refText(ref)))
      if (missing.length === 0) return
      const [found, known] = await Promise.all([readRows(tables, missing), readShadows(tables, missing)])
      for (const [index, ref] of missing.entries()) {
        rows.keep(refText(ref), { ref, row: found[index] ?? null })
        shadows.keep(refText(ref), { ref, shadow: known[index] ?? null })
      }
    },
    visible,
    shadow,
    stored,
    show: (ref, row) => rows.set(refText(ref), { ref, row }),
    confirm: (ref, row) => rows.set(refText(ref), { ref, row, isQuiet: true }),
    setShadow,
    dropShadow: ref => shadows.set(refText(ref), { ref, shadow: null }),
    mutationsUpTo: readLog,
    mutations: readMutations,
    putMutation,
    deleteMutation: n => mutations.set(String(n), { n, mutation: null }),
    append: (body, row, origin = 'user') => {
      const n = takeNumber(origin)
      const made_at = serverNow(meta, context)
      const log = { n, mid: newId(context), schema: SYNC_SCHEMA, sent: false, acked: null, result: null }
      const mutation: StoredMutation = { ...log, body, row, origin, made_at }
      putMutation(mutation)
      if (row !== null) setShadow(row, stored(row), [...(shadow(row)?.pending ?? []), n])
      return mutation
    },
    awaitMessages: conversation => unloaded.set(conversation.id, conversation),
    rebuild: async refs => {
      for (const ref of refs) {
        const own = shadow(ref)
        if (own === null) continue
        const pending = await readMutations(own.pending)
        const bodies = pending.map(({ body }) => body)
        rows.set(refText(ref), { ref, row: context.rules.overlayRow(ref, own.row, bodies) })
      }
    },
    flush: async () => {
      if (meta !== writtenMeta) await tables.meta.put(meta)
      writtenMeta = meta
      await writeRows(tables, rows.takeChanges())
      await writeShadows(tables, shadows.takeChanges())
      await writeMutations(tables, mutations.takeChanges())
      const waiting = unloaded.takeChanges()
      if (waiting.length > 0) await tables.unloaded.putMany(waiting)
    },
  }
}

async function writeShadows(
  tables: SyncTables,
  changes: readonly { ref: RowRef; shadow: Shadow | null }[],
): Promise<void> {
  const kept = changes.flatMap(({ shadow }) => shadow ?? [])
  const gone = changes.flatMap(({ ref, shadow }) => (shadow === null ? [shadowKey(ref)] : []))
  if (kept.length > 0) await tables.shadow.putMany(kept)
  if (gone.length > 0) await tables.shadow.delete(gone)
}

async function writeMutations(
  tables: SyncTables,
  changes: readonly { n: number; mutation: StoredMutation | null }[],
): Promise<void> {
  const kept = changes.flatMap(({ mutation }) => mutation ?? [])
  const gone = changes.flatMap(({ n, mutation }) => (mutation === null ? [n] : [])).sort((left, right) => left - right)
  const [first = 0, last = 0] = [gone[0], gone.at(-1)]
  if (gone.length > 0 && last - first === gone.length - 1)
    await tables.mut.deleteRange({ after: first - 1, upTo: last })
  else if (gone.length > 0) await tables.mut.delete(gone)
  if (kept.length > 0) await tables.mut.putMany(kept)
}
