import { AppError } from '#shared/errors.ts'
import type { App } from '../app.ts'
import { whenOpened } from '../device/when-opened.ts'
import type { LocalEditor } from '../sync/local-edit.ts'

/**
 * Does an act of the user on this device; the sync carries it on. Null when this device could not keep it, which a note then
 * says: nothing has changed in that case.
 */
export async function editRows<Result>(
  app: App,
  work: (editor: LocalEditor) => Promise<Result>,
): Promise<Result | null> {
  const opened = await whenOpened(app.device)
  if (opened.state !== 'open') {
    say(app, 'This browser keeps nothing here, so nothing can be changed. Setup tells why.')
    return null
  }
  try {
    return await opened.device.edit(work)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const isFull = error.code === 'disk-full'
    say(
      app,
      isFull
        ? 'This device is full. Make room, then do it again.'
        : 'The browser’s database does not answer. Reload, then do it again.',
    )
    return null
  }
}

function say(app: App, text: string): void {
  app.notes.show({ id: 'edit', tag: 'not kept', tone: 'err', text, action: null })
}
