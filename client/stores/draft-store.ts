import type { ReadonlySignal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import type { DeviceState } from '../device/device.ts'
import type { DraftKeeper } from '../device/draft-keeper.ts'
import { whenOpened } from '../device/when-opened.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { watch } from '../signals/watch.ts'

export interface DraftStore {
  /** What was being written in a conversation; null names the chat that has not been started. Never throws. */
  read(conversationId: string | null): Promise<string>
  /** Keeps a text soon. */
  write(conversationId: string | null, text: string): void
  /** Keeps what is waiting at once: the page may go. */
  flush(): void
}

type DraftStoreOptions = {
  /** Takes what is being written when the page goes: a page that is leaving has no time left for a database. */
  readonly store: LocalStore
  readonly device: ReadonlySignal<DeviceState>
  readonly scheduler: Scheduler
  /** Hears of a draft that could not be kept. */
  readonly onFault: (cause: unknown) => void
}

const DEBOUNCE_MS = 300

/** Unsent prompts, one for each conversation. */
export function createDraftStore(
  alive: AbortSignal,
  { store, device, scheduler, onFault }: DraftStoreOptions,
): DraftStore {
  const waiting = new Map<string | null, string>()
  let cancel = (): void => undefined

  async function keep(to: DraftKeeper, id: string | null, text: string): Promise<void> {
    await to.write(id, text)
    if (store.get(keyOf(id)) === text) store.remove(keyOf(id))
  }
  function keepAll(): void {
    cancel()
    const opened = device.peek()
    if (opened.state !== 'open') return
    for (const [id, text] of waiting) {
      waiting.delete(id)
      keep(opened.device.drafts, id, text).catch(onFault)
    }
  }
  // What was typed before this device's data were open is kept now.
  watch(alive, device, keepAll)

  return {
    async read(id) {
      const typed = waiting.get(id) ?? store.get(keyOf(id))
      if (typed !== null) return typed
      try {
        const opened = await whenOpened(device)
        return opened.state === 'open' ? await opened.device.drafts.read(id) : ''
      } catch (error) {
        onFault(error)
        return ''
      }
    },
    write(id, text) {
      waiting.set(id, text)
      cancel()
      cancel = scheduler.after(DEBOUNCE_MS, keepAll)
    },
    flush() {
      for (const [id, text] of waiting) store.set(keyOf(id), text)
      keepAll()
    },
  }
}

function keyOf(conversationId: string | null): string {
  return `llmr-draft-${conversationId ?? 'new'}`
}
