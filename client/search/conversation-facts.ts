/** What search knows of a chat without reading its messages. */
export type ConversationFacts = {
  readonly title: string
  readonly updatedAtMs: number
  readonly tags: readonly string[]
  readonly isPinned: boolean
  readonly isArchived: boolean
  readonly isInTrash: boolean
}
