import type { App } from '../app.ts'
import { whenOpened } from '../device/when-opened.ts'
import { watch } from '../signals/watch.ts'

/** For each conversation that comes onto the screen: its draft into the box, its messages before all others. */
export function followRoute(app: App): void {
  watch(app.alive, app.chat.id, id => void app.composer.open(id))
  watch(app.alive, app.chat.id, id => {
    if (id !== null) void preferMessages(app, id)
  })
}

async function preferMessages(app: App, conversationId: string): Promise<void> {
  const opened = await whenOpened(app.device)
  if (opened.state === 'open') opened.device.open(conversationId)
}
