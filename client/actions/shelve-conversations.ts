import type { Conversation } from '#shared/records.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import type { Shelf } from '../device/device.ts'
import { editRows } from './edit-rows.ts'
import { readConversation } from './read-conversation.ts'

const UNDO_MS = 8_000

const TAGS: Readonly<Record<Shelf, string>> = { chats: 'back', archive: 'archived', trash: 'gone' }

type Place = Pick<Conversation, 'id' | 'archived_at' | 'deleted_at'>

/** Moves conversations to a shelf in one step, and offers to put each back where it was. */
export async function shelveConversations(
  app: App,
  conversations: readonly Conversation[],
  to: Shelf | 'archive-or-back',
): Promise<void> {
  const noteId = `shelved-${conversations[0]?.id ?? ''}`
  const openId = conversations.find(({ id }) => id === app.chat.id.peek())?.id ?? null
  const now = app.clock.now()
  const moved = await editRows(app, async editor => {
    const read = await Promise.all(conversations.map(({ id }) => readConversation(editor, id)))
    const places = read.filter(place => place !== null)
    const isAnyOut = places.some(({ archived_at }) => archived_at === null)
    const shelf = to === 'archive-or-back' ? (isAnyOut ? 'archive' : 'chats') : to
    for (const place of places) await editor.set(rowRef('conversations', place.id), placeOn(shelf, place, now))
    return { places, shelf }
  })
  if (moved === null) return
  const { places, shelf } = moved
  if (shelf === 'trash' && openId !== null && openId === app.chat.id.peek()) {
    app.router.go({ name: 'chat', conversationId: null }, { replace: true })
  }
  const undo = async (): Promise<void> => {
    app.notes.hide(noteId)
    const isBack = await putBack(app, places)
    if (isBack && openId !== null) app.router.go({ name: 'chat', conversationId: openId })
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

function placeOn(shelf: Shelf, place: Place, now: number): Partial<Place> {
  if (shelf === 'trash') return { deleted_at: now }
  if (shelf === 'archive') return { archived_at: now }
  // Out of the trash it goes back to where it was, which may be the archive.
  return place.deleted_at === null ? { archived_at: null } : { deleted_at: null }
}

async function putBack(app: App, places: readonly Place[]): Promise<boolean> {
  const isBack = await editRows(app, async editor => {
    for (const { id, archived_at, deleted_at } of places) {
      await editor.set(rowRef('conversations', id), { archived_at, deleted_at })
    }
    return true
  })
  return isBack ?? false
}
