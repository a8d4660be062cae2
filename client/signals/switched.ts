import { computed, type ReadonlySignal, untracked } from '@preact/signals-core'
import { childLife } from './watch.ts'

/**
 * The value of the signal that `open` gives for the newest value of `source`; the one given before ends with its own `alive`.
 * Who reads it never sees the old signal beside the new value of `source`.
 */
export function switched<Source, Value>(
  alive: AbortSignal,
  source: ReadonlySignal<Source>,
  open: (alive: AbortSignal, value: Source) => ReadonlySignal<Value>,
): ReadonlySignal<Value> {
  let life: ReturnType<typeof childLife> | null = null
  const current = computed(() => {
    const value = source.value
    life?.end()
    const next = childLife(alive)
    life = next
    return untracked(() => open(next.alive, value))
  })
  return computed(() => current.value.value)
}
