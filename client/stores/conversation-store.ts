import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Conversation } from '#shared/records.ts'
import { CONVERSATIONS_PAGE, type Endpoints } from '../api/endpoints.ts'
import type { ListedConversation } from '../api/parse.ts'
import type { LoadState } from './load-state.ts'

export interface ConversationStore {
  /** Newest first, without archived, deleted and hidden ones. */
  readonly list: ReadonlySignal<readonly ListedConversation[]>
  readonly load: ReadonlySignal<LoadState>
  /** True while the server holds older ones than this list. */
  readonly hasMore: ReadonlySignal<boolean>
  readonly byId: ReadonlySignal<ReadonlyMap<string, ListedConversation>>
  refresh(): Promise<void>
  loadMore(): Promise<void>
  /** Takes over a newer version; what the list adds (cost, preview) stays until told otherwise. */
  put(conversation: Conversation | ListedConversation): void
  /**
   * Shows a leaf that the server does not know yet, whatever it says meanwhile: the prompt is still on its way.
   * Null goes back to the stored one.
   */
  holdLeaf(id: string, leafId: string | null): void
  /** Takes one out of sight, or brings it back, without touching the record. */
  setHidden(id: string, isHidden: boolean): void
  remove(id: string): void
}

/** The conversations this page knows. Fed by the API; who reads the signals does not notice where rows come from. */
export function createConversationStore(endpoints: Endpoints): ConversationStore {
  const rows = signal<Rows>(new Map())
  const heldLeaves = signal<ReadonlyMap<string, string>>(new Map())
  const byId = computed(() => withHeldLeaves(rows.value, heldLeaves.value))
  const hidden = signal<ReadonlySet<string>>(new Set())
  const load = signal<LoadState>({ state: 'loading' })
  const hasMore = signal(false)
  const list = computed(() =>
    [...byId.value.values()]
      .filter(row => row.deleted_at === null && row.archived_at === null && !hidden.value.has(row.id))
      .sort((left, right) => right.updated_at - left.updated_at || (left.id < right.id ? 1 : -1)),
  )

  async function loadPage(before: number | null): Promise<void> {
    const outcome = await endpoints.conversations(before)
    if (!outcome.ok) {
      load.value = { state: 'failed', failure: outcome.failure }
      return
    }
    // A first page is the whole truth about the newest rows, save for those that the server has not seen yet (rev 0).
    const kept = before === null ? [...rows.peek().values()].filter(row => row.rev === 0) : rows.peek().values()
    rows.value = new Map([...kept, ...outcome.value].map(row => [row.id, row]))
    hasMore.value = outcome.value.length === CONVERSATIONS_PAGE
    load.value = { state: 'ready' }
  }

  return {
    list,
    load,
    hasMore,
    byId,
    refresh: () => loadPage(null),
    loadMore: () => loadPage(list.peek().at(-1)?.updated_at ?? null),
    put(conversation) {
      const known = rows.peek().get(conversation.id)
      if (known !== undefined && known.rev > conversation.rev) return
      const listed = { cost_nanousd: null, preview: null, last_status: null, ...known, ...conversation }
      rows.value = new Map(rows.peek()).set(listed.id, listed)
    },
    holdLeaf(id, leafId) {
      const next = new Map(heldLeaves.peek())
      if (leafId === null) next.delete(id)
      else next.set(id, leafId)
      heldLeaves.value = next
    },
    setHidden(id, isHidden) {
      const next = new Set(hidden.peek())
      if (isHidden) next.add(id)
      else next.delete(id)
      hidden.value = next
    },
    remove(id) {
      const next = new Map(rows.peek())
      next.delete(id)
      rows.value = next
    },
  }
}

type Rows = ReadonlyMap<string, ListedConversation>

function withHeldLeaves(rows: Rows, held: ReadonlyMap<string, string>): Rows {
  if (held.size === 0) return rows
  const shown = new Map(rows)
  for (const [id, leafId] of held) {
    const row = rows.get(id)
    if (row !== undefined) shown.set(id, { ...row, active_leaf_id: leafId })
  }
  return shown
}
