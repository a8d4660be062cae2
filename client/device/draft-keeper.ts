/** Unsent prompts, one for each conversation; null names the chat that has not been started. */
export interface DraftKeeper {
  read(conversationId: string | null): Promise<string>
  /** An empty text is forgotten. */
  write(conversationId: string | null, text: string): Promise<void>
}
