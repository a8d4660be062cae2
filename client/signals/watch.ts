import { effect, type ReadonlySignal, untracked } from '@preact/signals-core'

/** Calls `listener` with the signal's value now and at each change, until `alive` ends. The listener's own reads are not tracked. */
export function watch<T>(alive: AbortSignal, source: ReadonlySignal<T>, listener: (value: T) => void): void {
  if (alive.aborted) return
  const stop = effect(() => {
    const value = source.value
    untracked(() => listener(value))
  })
  alive.addEventListener('abort', stop, { once: true })
}

/** An end of life that comes with its parent's or by its own `end()`. */
export function childLife(parent: AbortSignal): { readonly alive: AbortSignal; end(): void } {
  const own = new AbortController()
  return { alive: AbortSignal.any([parent, own.signal]), end: () => own.abort() }
}
