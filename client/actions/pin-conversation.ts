import type { Conversation } from '#shared/records.ts'
import type { App } from '../app.ts'
import { changeConversation } from './change-conversation.ts'

/** Pins a conversation to the top of the list, or lets it go. */
export async function pinConversation(app: App, { id, pinned_at }: Conversation): Promise<void> {
  await changeConversation(app, id, { pinned_at: pinned_at === null ? app.clock.now() : null })
}
