import { Dexie, type ObservabilitySet, RangeSet } from 'dexie'
import type { Scheduler } from '#shared/clock.ts'
import type { LocalDatabase } from './local-database.ts'

/** Tells live queries, in pages, workers and other tabs, what was written. */
export type Announce = (parts: ObservabilitySet) => void

/** Announces many transactions at a time, which would otherwise have every page read its list anew for each. */
export interface CalmAnnouncer {
  readonly announce: Announce
  /** Tells what was not told yet. */
  flush(): void
}

export const announceNow: Announce = parts => {
  Dexie.on.storagemutated.fire(parts)
}

/** The first transaction is told at once, those after it together every so often. */
export function createCalmAnnouncer(scheduler: Scheduler, everyMs: number): CalmAnnouncer {
  let gathered = new Map<string, InstanceType<typeof RangeSet>>()
  let stopTimer: (() => void) | null = null

  function flush(): void {
    stopTimer?.()
    stopTimer = null
    if (gathered.size === 0) return
    const parts = Object.fromEntries(gathered)
    gathered = new Map()
    announceNow(parts)
    stopTimer = scheduler.after(everyMs, flush)
  }

  return {
    announce: parts => {
      for (const [part, ranges] of Object.entries(parts)) {
        const all = gathered.get(part) ?? new RangeSet()
        gathered.set(part, all)
        all.add(ranges)
      }
      if (stopTimer === null) flush()
    },
    flush,
  }
}

/** Has every live query on chats and messages look again: a worker that was ended has not told all that it wrote. */
export function announceChats(database: LocalDatabase): void {
  const parts: ObservabilitySet = {}
  for (const { name, schema } of [database.conversations, database.messages]) {
    for (const index of ['', ':dels', ...schema.indexes.map(each => each.name)]) {
      parts[`idb://${database.name}/${name}/${index}`] = new RangeSet(Dexie.minKey, Dexie.maxKey)
    }
  }
  announceNow(parts)
}
