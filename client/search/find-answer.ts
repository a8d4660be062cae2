/** A stretch of a text and where in it the words stand, as [start, end). */
export type MarkedText = {
  readonly text: string
  readonly marks: readonly (readonly [start: number, end: number])[]
}

/** A chat in which something was found. */
export type FoundChat = {
  readonly conversationId: string
  readonly title: MarkedText
  /** When the newest of what was found was written. */
  readonly atMs: number
  /** The messages that were found, newest first; none where only the title was. */
  readonly messageIds: readonly string[]
  /** From the newest of them; null where only the title was found. */
  readonly snippet: MarkedText | null
}

export type FindAnswer = {
  readonly text: string
  /** Newest first. */
  readonly chats: readonly FoundChat[]
  readonly hits: number
  /** True where there are more than were counted. */
  readonly hasMore: boolean
  /** What only nearly fits: letters inside a word, or all words but one. */
  readonly near: readonly FoundChat[]
  readonly problems: readonly string[]
  readonly tookMs: number
  /** The share of this device's messages that was looked through, 0 to 1. */
  readonly share: number
}
