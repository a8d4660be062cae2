import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { App } from '../app.ts'
import type { WakeLockKeeper } from '../platform/wake-lock.ts'
import { watch } from '../signals/watch.ts'

/** Keeps the screen on while somebody watches an answer being written. */
export function keepAwake(
  app: App,
  { isVisible, lock }: { readonly isVisible: ReadonlySignal<boolean>; readonly lock: WakeLockKeeper },
): void {
  const isWatching = computed(() => isVisible.value && app.chat.run.value !== null)
  watch(app.alive, isWatching, isWanted => void lock.set(isWanted).catch(reportError))
}
