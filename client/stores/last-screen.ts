import type { Conversation, Message } from '#shared/records.ts'
import type { ConversationPage } from '../device/device.ts'
import type { LocalStore } from '../platform/local-store.ts'
import { parseLastScreen } from './parse-last-screen.ts'

/** An element of a formatted answer, or a run of its text. */
export type KeptNode = string | KeptElement
type KeptElement = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly KeptNode[]
}

/** The chat that was looked at last, as far as a screen shows it. */
export type KeptChat = {
  /** Its active leaf is the last of the messages. */
  readonly conversation: Conversation
  readonly messages: readonly Message[]
  readonly deviceId: string | null
  /** How its answers stood on the screen, by the id of the message. */
  readonly answers: Readonly<Record<string, readonly KeptNode[]>>
}

/** What a page showed when it was left, for the next one to show until this device's database has answered. */
export type LastScreen = {
  readonly page: ConversationPage | null
  readonly chat: KeptChat | null
}

export interface LastScreenStore {
  /** As this page found it. */
  readonly found: LastScreen
  keep(screen: LastScreen): void
}

const KEY = 'llmr-screen'
const NO_SCREEN: LastScreen = { page: null, chat: null }
/** More than this would hold up the first paint, which waits for it. */
const MOST_CHARACTERS = 150_000

/** Kept where it can be read before the first paint. Only the same build reads it: another may mean something else by it. A record of another shape is as good as none. */
export function createLastScreen(store: LocalStore, build: string): LastScreenStore {
  const head = `${build}\n`
  const text = store.get(KEY)
  return {
    found: (text?.startsWith(head) ? parseLastScreen(text.slice(head.length)) : null) ?? NO_SCREEN,
    keep(screen) {
      const record = head + JSON.stringify(screen)
      if (record.length > MOST_CHARACTERS || !store.set(KEY, record)) store.remove(KEY)
    },
  }
}
