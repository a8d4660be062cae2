import { type ReadonlySignal, signal } from '@preact/signals-core'

/** True while the screen shows one pane, as the style sheets have it. */
export function narrowScreen(alive: AbortSignal): ReadonlySignal<boolean> {
  const query = window.matchMedia('(width < 45rem)')
  const isNarrow = signal(query.matches)
  query.addEventListener('change', ({ matches }) => (isNarrow.value = matches), { signal: alive })
  return isNarrow
}
