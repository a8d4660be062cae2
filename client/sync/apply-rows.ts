import type { MutationBody } from '#shared/sync-overlay.ts'
import { messageRef, type RowRef, rowOfFeed, rowRef, type SyncRow } from '#shared/sync-row.ts'
import { type FeedRow, isRowKind } from '#shared/wire/sync.ts'
import { buryRow } from './bury-row.ts'
import { refText } from './row-tables.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import { isUntold, tellConversation } from './untold.ts'

type Incoming = { readonly ref: RowRef; readonly row: SyncRow }

/** Takes rows of the server in, wherever they come from: the feed, a page of the first load, again, or out of order (R6). */
export async function applyRows(unit: UnitOfWork, lines: readonly FeedRow[]): Promise<void> {
  await parkUnknown(unit, lines)
  const incoming = lines.flatMap(line => incomingOf(line, unit.meta.era))
  const conversations = incoming.flatMap(({ ref }) =>
    ref.conversation_id === null ? [] : [rowRef('conversations', ref.conversation_id)],
  )
  await unit.load(unique([...incoming.map(({ ref }) => ref), ...conversations]))
  // Conversations first: the tombstone of one refuses its messages, also those of this page.
  const ordered = incoming.toSorted((left, right) => orderOf(left) - orderOf(right))
  const touched: RowRef[] = []
  for (const { ref, row } of ordered) {
    if (await applyRow(unit, ref, row)) touched.push(ref)
  }
  await unit.rebuild(unique(touched))
}

/** I14: kinds of a later version wait here for the version that knows them. */
async function parkUnknown(unit: UnitOfWork, lines: readonly FeedRow[]): Promise<void> {
  const unknown = lines.filter(([kind]) => !isRowKind(kind))
  if (unknown.length === 0) return
  const { era } = unit.meta
  const stored = await unit.tables.unknown.getMany(unknown.map(([kind, id]) => [kind, id] as const))
  const newer = unknown.filter((line, index) => {
    const known = stored[index]
    return known === undefined || known.era < era || known.line[2] < line[2]
  })
  await unit.tables.unknown.putMany(newer.map(line => ({ kind: line[0], id: line[1], era, line })))
}

function incomingOf(line: FeedRow, era: number): readonly Incoming[] {
  const [kind, id, , conversationId] = line
  if (!isRowKind(kind)) return []
  const isInConversation = kind === 'messages'
  const ref: RowRef = { kind, id, conversation_id: isInConversation ? conversationId : null }
  return [{ ref, row: rowOfFeed(line, era) }]
}

/** True when the row has to be shown anew from its shadow. */
async function applyRow(unit: UnitOfWork, ref: RowRef, incoming: SyncRow): Promise<boolean> {
  const { rules } = unit.context
  if (ref.conversation_id !== null) {
    const conversation = unit.visible(rowRef('conversations', ref.conversation_id))
    if (rules.isAbsorbed(conversation)) return false
  }
  const stored = unit.stored(ref)
  const isOfThisHistory = stored !== null && stored.era === incoming.era
  if (!rules.isNewer(incoming, stored) || (isOfThisHistory && rules.isAbsorbed(stored))) return false
  const isUnknown = stored === null || isUntold(unit, ref)
  if (isUnknown && ref.kind === 'conversations') noteUnloaded(unit, incoming)
  // What was brought in is lost like anything else that somebody wrote: not in silence.
  if (stored !== null && isUnknown && incoming.purged) {
    await tellConversation(unit, ref.conversation_id ?? ref.id)
    await unit.flush()
  }
  if (stored !== null && !isOfThisHistory) return mergeRow(unit, ref, { stored, incoming })
  if (stored === null) await rescueMerged(unit, ref, incoming)
  if (incoming.purged) await buryRow(unit, ref)
  return storeRow(unit, ref, incoming)
}

/** R11: the server was put back; what this device knew better is told to it before anything else. */
async function mergeRow(
  unit: UnitOfWork,
  ref: RowRef,
  { stored, incoming }: { readonly stored: SyncRow; readonly incoming: SyncRow },
): Promise<boolean> {
  if (incoming.purged && !stored.purged) await buryRow(unit, ref)
  await rescue(unit, ref, unit.context.rules.rescueAnswer(stored, incoming))
  const waiting = unit.shadow(ref)?.pending ?? []
  const body = unit.context.rules.mergeUp(ref.kind, stored, incoming)
  if (body === null) return storeRow(unit, ref, incoming)
  const { n } = unit.append(body, ref, 'merge')
  unit.setShadow(ref, incoming, [n, ...waiting])
  return true
}

/** R11: this device is bringing an answer back, and another one was faster with less of it: a put changes nothing in it then. */
async function rescueMerged(unit: UnitOfWork, ref: RowRef, incoming: SyncRow): Promise<void> {
  const [shadow, shown] = [unit.shadow(ref), unit.visible(ref)]
  if (ref.kind !== 'messages' || shadow === null || shown === null) return
  const answer = unit.context.rules.rescueAnswer(shown, incoming)
  if (answer === null) return
  const pending = await unit.mutations(shadow.pending)
  if (pending.some(({ origin, body }) => origin === 'merge' && body.op === 'put')) await rescue(unit, ref, answer)
}

/** Puts another version of an answer beside it, once. */
async function rescue(unit: UnitOfWork, { conversation_id }: RowRef, body: MutationBody | null): Promise<void> {
  if (body?.op !== 'put' || conversation_id === null) return
  const sibling = messageRef(conversation_id, body.id)
  await unit.load([sibling])
  if (unit.visible(sibling) !== null) return
  unit.append(body, sibling, 'merge')
  await unit.rebuild([sibling])
}

function storeRow(unit: UnitOfWork, ref: RowRef, incoming: SyncRow): boolean {
  const shadow = unit.shadow(ref)
  if (shadow !== null) unit.setShadow(ref, incoming, shadow.pending)
  else if (isUntold(unit, ref) && isSaidBy(unit.visible(ref), incoming)) unit.confirm(ref, incoming)
  else unit.show(ref, incoming)
  return shadow !== null
}

/** What was brought in comes back from the server as it was, by the hundred: pages and the search need not look at it again. */
function isSaidBy(shown: SyncRow | null, incoming: SyncRow): boolean {
  if (shown === null || incoming.purged) return false
  const { rev: _, era: _era, at: _at, ...said } = shown
  return Object.entries(said).every(([field, value]) => {
    const there = incoming[field] ?? null
    return there === value || JSON.stringify(there) === JSON.stringify(value)
  })
}

/**
 * While the list is being fetched, a conversation that changes moves to the front of it, behind the reader's back: only the feed
 * brings it, and only its newest messages. It may go on moving ahead of the feed's reader: `listed_at` stands until that one has
 * come to the feed's end once.
 */
function noteUnloaded(unit: UnitOfWork, row: SyncRow): void {
  const { listed_at, first_load } = unit.meta
  if (listed_at === 0 || row.purged) return
  const updatedAt = row['updated_at']
  unit.awaitMessages({ id: row.id, updated_at: typeof updatedAt === 'number' ? updatedAt : 0 })
  if (first_load.phase === 'done') unit.change({ first_load: { phase: 'messages' } })
}

function orderOf({ ref }: Incoming): number {
  return ref.kind === 'conversations' ? 0 : 1
}

function unique(refs: readonly RowRef[]): readonly RowRef[] {
  return [...new Map(refs.map(ref => [refText(ref), ref])).values()]
}
