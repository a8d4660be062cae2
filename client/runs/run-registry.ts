import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { LiveRun } from './live-run.ts'

export interface RunRegistry {
  /** The runs this page is watching, by the id of the message they write. */
  readonly live: ReadonlySignal<ReadonlyMap<string, LiveRun>>
  add(run: LiveRun): void
  /** Does nothing where another reading of the same run has taken its place. */
  remove(run: LiveRun): void
}

/** The runs that are being watched now. */
export function createRunRegistry(): RunRegistry {
  const live = signal<ReadonlyMap<string, LiveRun>>(new Map())
  return {
    live,
    add(run) {
      live.value = new Map(live.peek()).set(run.messageId, run)
    },
    remove(run) {
      if (live.peek().get(run.messageId) !== run) return
      const next = new Map(live.peek())
      next.delete(run.messageId)
      live.value = next
    },
  }
}
