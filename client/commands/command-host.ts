import type { Conversation } from '#shared/records.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'

/** What a command acts on: the product, and what has the focus on the screen. */
export type CommandHost = {
  readonly app: App
  /** The turn that has the focus, else the last one. */
  turn(): Turn | null
  /** The chat whose row has the focus, else the one on the screen. */
  conversation(): Conversation | null
  /** The last code that is shown: of the turn that has the focus, else of the chat. */
  lastCode(): string | null
  focusComposer(): void
  openModels(onChoose: (modelId: string) => void): void
  openPalette(text: string): void
  openSession(): void
  openTags(conversation: Conversation): void
  /** Takes out the chat, or all of them for null. */
  openExport(conversation: Conversation | null): void
  openImport(): void
  openSetup(): void
  openKeys(): void
  find(words: string): void
}
