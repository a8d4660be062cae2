import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import type { Shelf } from '../device/device.ts'
import { editRows } from './edit-rows.ts'

const UNDO_MS = 8_000

const TAGS: Readonly<Record<Shelf, string>> = { chats: 'back', archive: 'archived', trash: 'gone' }

type Place = Pick<Conversation, 'archived_at' | 'deleted_at'>

/** Moves conversations to a shelf in one step, and offers to put each back where it was. */
export async function shelveConversations(
  app: App,
  conversations: readonly Conversation[],
  shelf: Shelf,
): Promise<void> {
  const noteId = `shelved-${conversations[0]?.id ?? ''}`
  const openId = conversations.find(({ id }) => id === app.chat.id.peek())?.id ?? null
  const undo = async (): Promise<void> => {
    app.notes.hide(noteId)
    const isBack = await place(app, conversations, ({ archived_at, deleted_at }) => ({ archived_at, deleted_at }))
    if (isBack && openId !== null) app.router.go({ name: 'chat', conversationId: openId })
  }
  const now = app.clock.now()
  const isMoved = await place(app, conversations, conversation => placeOn(shelf, conversation, now))
  if (!isMoved) return
  if (shelf === 'trash' && openId !== null && openId === app.chat.id.peek()) {
    app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  }
  const action = { label: 'undo', run: () => void undo() }
  app.notes.show({ id: noteId, tag: TAGS[shelf], tone: 'plain', text: namesOf(conversations), action })
  app.scheduler.after(UNDO_MS, () => app.notes.hide(noteId))
}

/** One title, or how many chats. */
export function namesOf(conversations: readonly Conversation[]): string {
  const [first] = conversations
  return conversations.length === 1 && first !== undefined ? first.title : `${conversations.length} chats`
}

function placeOn(shelf: Shelf, conversation: Place, now: number): Partial<Place> {
  if (shelf === 'trash') return { deleted_at: now }
  if (shelf === 'archive') return { archived_at: now }
  // Out of the trash it goes back to where it was, which may be the archive.
  return conversation.deleted_at === null ? { archived_at: null } : { deleted_at: null }
}

async function place(
  app: App,
  conversations: readonly Conversation[],
  change: (conversation: Conversation) => Partial<Place>,
): Promise<boolean> {
  const moved = await editRows(app, async editor => {
    for (const conversation of conversations) {
      await editor.set(rowRef('conversations', conversation.id), change(conversation))
    }
    return true
  })
  return moved ?? false
}
