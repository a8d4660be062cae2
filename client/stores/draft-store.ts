import type { LocalStore } from '../platform/local-store.ts'

export interface DraftStore {
  /** What was being written in a conversation; null names the chat that has not been started. */
  read(conversationId: string | null): string
  /** Keeps a text soon. */
  write(conversationId: string | null, text: string): void
  /** Keeps what is waiting now: the page may go. */
  flush(): void
}

const DEBOUNCE_MS = 300

/** Unsent prompts, one for each conversation. `schedule` is `setTimeout`. */
export function createDraftStore(
  store: LocalStore,
  schedule: (run: () => void, delayMs: number) => number,
  cancel: (handle: number) => void,
): DraftStore {
  const waiting = new Map<string, string>()
  let handle = 0
  const flush = (): void => {
    cancel(handle)
    for (const [key, text] of waiting) {
      if (text === '') store.remove(key)
      else store.set(key, text)
    }
    waiting.clear()
  }
  return {
    read: conversationId => waiting.get(keyOf(conversationId)) ?? store.get(keyOf(conversationId)) ?? '',
    write(conversationId, text) {
      waiting.set(keyOf(conversationId), text)
      cancel(handle)
      handle = schedule(flush, DEBOUNCE_MS)
    },
    flush,
  }
}

function keyOf(conversationId: string | null): string {
  return `llmr-draft-${conversationId ?? 'new'}`
}
