import type { Clock, Scheduler } from '#shared/clock.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { watchTables } from '../database/watch-tables.ts'
import type { ConversationFacts } from './conversation-facts.ts'
import { createMessageSource } from './dexie-message-source.ts'
import type { FindAnswer } from './find-answer.ts'
import { findMessages } from './find-messages.ts'
import type { IndexFiles } from './index-files.ts'
import { followDatabase } from './index-follower.ts'
import { contentOf, conversationFactsOf } from './parse.ts'

export type SearchLeaderOptions = {
  readonly alive: AbortSignal
  readonly database: LocalDatabase
  readonly files: IndexFiles
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** Whether something is writing that the index should not follow before it is done. */
  readonly isBusy: () => Promise<boolean>
  readonly onShare: (share: number) => void
  /** The index could not be kept up. */
  readonly onFailure: (cause: unknown) => void
}

/** The index at work: it follows the database and answers. */
export interface SearchLeader {
  find(text: string): Promise<FindAnswer>
}

/** Opens the index and keeps it up with the database until `alive` ends. Throws where the files cannot be had. */
export async function leadSearch(options: SearchLeaderOptions): Promise<SearchLeader> {
  const { alive, database, files, clock, scheduler, isBusy } = options
  const wait = (milliseconds: number): Promise<void> =>
    new Promise(resolve => void scheduler.after(milliseconds, resolve))
  const conversations = new Map<string, ConversationFacts>()
  let share = 0

  async function readConversations(ids: readonly string[]): Promise<void> {
    const rows = await database.conversations.bulkGet([...ids])
    for (const [index, id] of ids.entries()) {
      const row = rows[index]
      const facts = row === undefined ? null : conversationFactsOf(row)
      if (facts === null) conversations.delete(id)
      else conversations.set(id, facts)
    }
  }

  async function readAllConversations(): Promise<void> {
    for (const row of await database.conversations.toArray()) {
      const facts = conversationFactsOf(row)
      if (facts !== null && !conversations.has(row.id)) conversations.set(row.id, facts)
    }
  }

  const read = readAllConversations()
  const follower = await followDatabase({
    alive,
    files,
    source: createMessageSource(database),
    pause: async () => {
      await wait(0)
      return !alive.aborted
    },
    isBusy,
    wait,
    onConversations: readConversations,
    onShare: next => {
      share = next
      options.onShare(next)
    },
  })
  const { index } = follower
  // The files can be open only once: a worker that goes on without them must let go.
  if (alive.aborted) index.close()
  else alive.addEventListener('abort', index.close, { once: true })
  await read
  const catchUp = oneAtATime(follower.catchUp)
  const follow = (): void => void catchUp().catch(cause => alive.aborted || options.onFailure(cause))
  watchTables(alive, database, { tables: ['conversations', 'messages'], listener: follow })
  follow()

  const contents = async (keys: readonly (readonly [string, string])[]): Promise<readonly string[]> => {
    const rows = await database.messages.bulkGet(keys.map(([conversationId, id]) => [conversationId, id]))
    return rows.map(contentOf)
  }
  return {
    find: text => findMessages(text, { index, conversations, contents, now: clock.now }, share),
  }
}

/** A call while one runs is done once that one has ended, however many there were. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let isRunning = false
  let isAsked = false
  return async () => {
    isAsked = true
    if (isRunning) return
    isRunning = true
    try {
      while (isAsked) {
        isAsked = false
        await work()
      }
    } finally {
      isRunning = false
    }
  }
}
