import { type ReadonlySignal, signal } from '@preact/signals-core'

/** Whether somebody can see this page. */
export function pageVisible(alive: AbortSignal): ReadonlySignal<boolean> {
  const isVisible = signal(document.visibilityState === 'visible')
  document.addEventListener(
    'visibilitychange',
    () => {
      isVisible.value = document.visibilityState === 'visible'
    },
    { signal: alive },
  )
  return isVisible
}
