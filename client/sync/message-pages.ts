import type { RowsPage, SyncNet, SyncOutcome } from './ports.ts'
import type { Unloaded } from './sync-store.ts'

/** What one call asks for: the messages of these conversations, from `after` on. */
type Ask = { readonly ids: readonly string[]; readonly after: readonly [string, string] | null }
type Call = { readonly ask: Ask; readonly outcome: Promise<SyncOutcome<RowsPage>> }

/** What the store knows of the messages that are not here. */
export interface Backlog {
  look(preferred: string | null): Promise<{
    /** Nothing is to be fetched but the conversation that is open. */
    readonly isPaused: boolean
    /** The conversation that is open is not here. */
    readonly isWanted: boolean
  }>
  /** The conversations that are not here. It is read again when all of them have been fetched. */
  waiting(): Promise<readonly Unloaded[]>
}

/**
 * The pages of messages, newest conversations first, the open one before all. The server makes the next page while the last one
 * is being stored: together they take as long as the slower of them.
 */
export interface MessagePages {
  /**
   * The next page; null when none is to be fetched. Unless `confirm` was called since, the last one is not in the store: what
   * was to follow it is forgotten, or a conversation would have a hole and pass for whole.
   */
  next(signal: AbortSignal): Promise<SyncOutcome<RowsPage> | null>
  /** The last page is in the store. */
  confirm(): void
  /** Fetches this conversation before all others. */
  prefer(conversationId: string): void
}

const CONVERSATIONS_A_PAGE = 25

export function createMessagePages(net: SyncNet, backlog: Backlog): MessagePages {
  let asks: readonly Ask[] = []
  let ahead: Call | null = null
  let preferred: string | null = null
  let isPreferredAsked = false
  let isConfirmed = false

  const isForPreferred = ({ ids }: Ask): boolean => ids.length === 1 && ids[0] === preferred

  function begin(signal: AbortSignal): Call | null {
    const [ask, ...rest] = asks
    if (ask === undefined) return null
    asks = rest
    return { ask, outcome: net.messageRows(ask.ids, ask.after, signal) }
  }

  function askFirst(id: string): void {
    const others = asks.map(({ ids, after }) => ({ ids: ids.filter(other => other !== id), after }))
    asks = [{ ids: [id], after: null }, ...others.filter(({ ids }) => ids.length > 0)]
  }

  function startAnew(): void {
    asks = []
    ahead = null
    isPreferredAsked = false
  }

  async function nextCall(signal: AbortSignal): Promise<Call | null> {
    const { isPaused, isWanted } = await backlog.look(preferred)
    if (isPaused) {
      asks = asks.filter(isForPreferred)
      if (ahead !== null && !isForPreferred(ahead.ask)) ahead = null
    } else if (asks.length === 0 && ahead === null) asks = inPages(await backlog.waiting())
    if (preferred !== null && isWanted && !isPreferredAsked) {
      isPreferredAsked = true
      askFirst(preferred)
      return begin(signal)
    }
    const call = ahead ?? begin(signal)
    ahead = null
    return call
  }

  return {
    next: async signal => {
      if (!isConfirmed) startAnew()
      isConfirmed = false
      const call = await nextCall(signal)
      if (call === null) return null
      const { ask } = call
      const outcome = await call.outcome
      if (outcome.kind !== 'page') return outcome
      const { after } = outcome.page.trailer
      if (after !== null) asks = [{ ids: ask.ids.slice(ask.ids.indexOf(after[0])), after }, ...asks]
      ahead ??= begin(signal)
      return outcome
    },
    confirm: () => {
      isConfirmed = true
    },
    prefer: id => {
      preferred = id
      isPreferredAsked = false
    },
  }
}

function inPages(waiting: readonly Unloaded[]): readonly Ask[] {
  const ids = waiting.toSorted((left, right) => right.updated_at - left.updated_at).map(({ id }) => id)
  const pages = Math.ceil(ids.length / CONVERSATIONS_A_PAGE)
  return Array.from({ length: pages }, (_, page) => ({
    ids: ids.slice(page * CONVERSATIONS_A_PAGE, (page + 1) * CONVERSATIONS_A_PAGE),
    after: null,
  }))
}
