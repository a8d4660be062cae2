import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from './watch.ts'

/** Like `watch`, but at most once a frame with the newest value; the first call is made at once. */
export function watchFrames<T>(alive: AbortSignal, source: ReadonlySignal<T>, listener: (value: T) => void): void {
  let frame = 0
  let isFirst = true
  watch(alive, source, value => {
    if (isFirst) {
      isFirst = false
      listener(value)
      return
    }
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      if (!alive.aborted) listener(source.peek())
    })
  })
  alive.addEventListener('abort', () => cancelAnimationFrame(frame), { once: true })
}
