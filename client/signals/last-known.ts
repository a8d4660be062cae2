import { type ReadonlySignal, signal } from '@preact/signals-core'
import { watch } from './watch.ts'

/** The newest value that is not null: what was known stays in sight while the next is being read. */
export function lastKnown<T>(alive: AbortSignal, source: ReadonlySignal<T | null>): ReadonlySignal<T | null> {
  const known = signal<T | null>(null)
  watch(alive, source, value => {
    if (value !== null) known.value = value
  })
  return known
}
