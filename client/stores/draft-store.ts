import type { ReadonlySignal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import type { DeviceState } from '../device/device.ts'
import type { DraftKeeper } from '../device/draft-keeper.ts'
import { whenOpened } from '../device/when-opened.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { watch } from '../signals/watch.ts'

export interface DraftStore {
  /** What was being written in a conversation; null names the chat that has not been started. Never throws. */
  read(conversationId: string | null): Promise<string>
  /** Keeps a text soon. */
  write(conversationId: string | null, text: string): void
  /** Keeps what is waiting at once: the page may go. */
  flush(): void
  /** The same, and tells whether all of it is kept. */
  settle(): Promise<boolean>
  /** What has been typed since this page was opened and is kept nowhere yet. */
  unsaved(): readonly string[]
}

type DraftStoreOptions = {
  /** Takes what is being written when the page goes: a page that is leaving has no time left for a database. */
  readonly store: LocalStore
  readonly device: ReadonlySignal<DeviceState>
  readonly scheduler: Scheduler
  /** Hears of a draft that could not be kept. */
  readonly onFault: (cause: unknown) => void
}

/** With the time that writing takes, less than 300 ms of typing are ever at stake. Counted from the first letter, not the last. */
const KEEP_AFTER_MS = 150

/** Unsent prompts, one for each conversation. */
export function createDraftStore(
  alive: AbortSignal,
  { store, device, scheduler, onFault }: DraftStoreOptions,
): DraftStore {
  // Until it is kept, and not only until somebody has begun to: a page that goes ends what it was writing.
  const waiting = new Map<string | null, { readonly text: string }>()
  let cancel: (() => void) | null = null

  function keepInStore(): boolean {
    const kept = [...waiting].map(([id, { text }]) => id === TEMPORARY_CHAT || store.set(keyOf(id), text))
    return !kept.includes(false)
  }

  async function keep(to: DraftKeeper, id: string | null, typed: { readonly text: string }): Promise<boolean> {
    const { text } = typed
    // An older text there would be taken for the newest at the next start.
    if (store.get(keyOf(id)) !== null) store.set(keyOf(id), text)
    try {
      await to.write(id, text)
    } catch (error) {
      onFault(error)
      return false
    }
    if (store.get(keyOf(id)) === text) store.remove(keyOf(id))
    if (waiting.get(id) === typed) waiting.delete(id)
    return true
  }
  async function keepAll(): Promise<boolean> {
    cancel?.()
    cancel = null
    const opened = device.peek()
    if (opened.state !== 'open') return keepInStore()
    const kept = await Promise.all([...waiting].map(([id, typed]) => keep(opened.device.drafts, id, typed)))
    return !kept.includes(false)
  }
  // What was typed before this device's data were open is kept now.
  watch(alive, device, () => void keepAll())

  return {
    async read(id) {
      const typed = waiting.get(id)?.text ?? store.get(keyOf(id))
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
      waiting.set(id, { text })
      cancel ??= scheduler.after(KEEP_AFTER_MS, () => void keepAll())
    },
    flush() {
      keepInStore()
      void keepAll()
    },
    async settle() {
      const isInStore = keepInStore()
      return (await keepAll()) || isInStore
    },
    unsaved: () => [...waiting.values()].map(({ text }) => text),
  }
}

function keyOf(conversationId: string | null): string {
  return `llmr-draft-${conversationId ?? 'new'}`
}
