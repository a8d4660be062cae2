import type { IndexedMessage } from './indexed-message.ts'

/** A change of the database, as its log has it. */
export type SourceChange = {
  readonly n: number
  readonly messages: readonly (readonly [conversationId: string, id: string])[]
  readonly conversations: readonly string[]
  readonly emptied: readonly (readonly [from: string, to: string])[]
}

/** The database that an index follows. */
export interface MessageSource {
  /** Names the database: a new one has another name. */
  id(): Promise<string>
  /** The first and the last entry of the log that are still there; zero where there are none. */
  logEnds(): Promise<{ readonly first: number; readonly last: number }>
  changesAfter(n: number, most: number): Promise<readonly SourceChange[]>
  /** Forgets old entries of the log. */
  forgetChanges(upTo: number): Promise<void>
  /** Those of these messages that can be found, as they are now. */
  messages(keys: readonly (readonly [conversationId: string, id: string])[]): Promise<readonly IndexedMessage[]>
  /** Ids of conversations below this one, the highest first. */
  conversationsBelow(id: string | null, most: number): Promise<readonly string[]>
  messagesBetween(fromConversation: string, toConversation: string): Promise<readonly IndexedMessage[]>
  countMessages(): Promise<number>
}
