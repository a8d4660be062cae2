import type { App } from '../app.ts'
import { draftOf } from '../installed/shared-draft.ts'
import { dropShared, readShared } from '../installed/shared-things.ts'
import { fillNewDraft } from './fill-new-draft.ts'

/** Takes what other apps have shared, and the service worker has kept, into the draft of a new chat. */
export async function takeShared(app: App): Promise<void> {
  const things = await readShared()
  if (things.length === 0) return
  const { text, refusals } = await draftOf(things)
  const drop = (): Promise<void> => dropShared(things.map(({ id }) => id))
  tellRefusals(app, refusals)
  if (text === '') await drop()
  else await fillNewDraft(app, { text, onTaken: drop })
}

/** Takes files that the system opens with this app. */
export async function takeFiles(app: App, files: readonly File[]): Promise<void> {
  const shared = files.map(file => ({ name: file.name, type: file.type, sizeBytes: file.size, bytes: file }))
  const { text, refusals } = await draftOf([{ id: '', title: '', text: '', url: '', files: shared }])
  tellRefusals(app, refusals)
  if (text !== '') await fillNewDraft(app, { text, onTaken: async () => undefined })
}

function tellRefusals({ notes }: App, refusals: readonly string[]): void {
  if (refusals.length === 0) return
  notes.show({ id: 'not-taken', tag: 'not taken', tone: 'warn', text: refusals.join(' '), action: null })
}
