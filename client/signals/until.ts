import type { ReadonlySignal } from '@preact/signals-core'

/** Resolves as soon as the signal's value passes the test, which may be now. */
export function until<T>(source: ReadonlySignal<T>, test: (value: T) => boolean): Promise<void> {
  return new Promise(resolve => {
    const stop = source.subscribe(value => {
      if (!test(value)) return
      resolve()
      // The first call comes before there is anything to stop.
      queueMicrotask(() => stop())
    })
  })
}
