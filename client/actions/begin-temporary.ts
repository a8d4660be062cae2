import type { App } from '../app.ts'
import { whenOpened } from '../device/when-opened.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { watch } from '../signals/watch.ts'

const NOTE_ID = 'temporary'
const UNDO_MS = 8_000

/** Goes to an empty temporary chat; one that is open is left for it. */
export async function beginTemporary(app: App): Promise<void> {
  await leaveTemporary(app)
  app.router.go({ name: 'chat', conversationId: TEMPORARY_CHAT })
  void app.composer.open(TEMPORARY_CHAT)
}

/** A temporary chat ends when another chat takes its place. Lists and pages lie over it, and leave it as it is. */
export function followTemporary(app: App): void {
  let wasOpen = false
  watch(app.alive, app.router.route, route => {
    if (route.name !== 'chat') return
    const isOpen = route.conversationId === TEMPORARY_CHAT
    if (wasOpen && !isOpen) void leaveTemporary(app)
    wasOpen = isOpen
  })
}

/** Lets go of what was said, which for a moment can be undone. */
async function leaveTemporary(app: App): Promise<void> {
  const opened = await whenOpened(app.device)
  if (opened.state !== 'open') return
  const { temporary } = opened.device
  // What stands in the box belongs to the chat that is left.
  await app.drafts.settle()
  const left = temporary.leave()
  if (left === null) return
  const undo = (): void => {
    app.notes.hide(NOTE_ID)
    temporary.takeBack(left)
    app.router.go({ name: 'chat', conversationId: TEMPORARY_CHAT })
  }
  app.notes.show({
    id: NOTE_ID,
    tag: 'gone',
    tone: 'plain',
    text: 'the temporary chat',
    action: { label: 'undo', run: undo },
  })
  app.scheduler.after(UNDO_MS, () => {
    if (temporary.talk.peek() === left) return
    temporary.letGo(left)
    app.notes.hide(NOTE_ID)
  })
}
