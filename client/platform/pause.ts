import { onWake } from './connection-hints.ts'

/** Why a pause ended. */
type PauseEnd = 'elapsed' | 'woken' | 'stopped'

/** Waits for a time, until the page or the network wakes, or until the signal aborts: whichever comes first. */
export type Pause = (delayMs: number, signal: AbortSignal) => Promise<PauseEnd>

/** The pause of a real page. */
export const pagePause: Pause = (delayMs, signal) =>
  new Promise(resolve => {
    if (signal.aborted) {
      resolve('stopped')
      return
    }
    const over = new AbortController()
    const end = (reason: PauseEnd): void => {
      window.clearTimeout(handle)
      over.abort()
      resolve(reason)
    }
    const handle = window.setTimeout(() => end('elapsed'), delayMs)
    onWake(over.signal, () => end('woken'))
    signal.addEventListener('abort', () => end('stopped'), { signal: over.signal })
  })
