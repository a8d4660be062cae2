import { type ReadonlySignal, signal } from '@preact/signals-core'

/** True while somebody can see this page. */
export function isPageVisible(): boolean {
  return document.visibilityState === 'visible'
}

/** Waits until somebody can see the page. The signal it gives aborts as soon as nobody can. */
export type Sight = (alive: AbortSignal) => Promise<AbortSignal>

/** The sight of a real page; where `alive` aborts before anybody sees it, so has the signal that it gives. */
export const pageSight: Sight = alive =>
  new Promise(resolve => {
    const waiting = new AbortController()
    const seen = new AbortController()
    const look = (): void => {
      if (!isPageVisible() && !alive.aborted) return
      waiting.abort()
      document.addEventListener('visibilitychange', () => seen.abort(), {
        signal: AbortSignal.any([alive, seen.signal]),
      })
      resolve(AbortSignal.any([alive, seen.signal]))
    }
    document.addEventListener('visibilitychange', look, { signal: waiting.signal })
    alive.addEventListener('abort', look, { signal: waiting.signal })
    look()
  })

/** Whether somebody can see this page. */
export function pageVisible(alive: AbortSignal): ReadonlySignal<boolean> {
  const isVisible = signal(isPageVisible())
  document.addEventListener(
    'visibilitychange',
    () => {
      isVisible.value = isPageVisible()
    },
    { signal: alive },
  )
  return isVisible
}
