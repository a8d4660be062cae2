import type { App } from '../app.ts'

type Filling = {
  readonly text: string
  /** Hears that the text stands in the draft and is kept. */
  readonly onTaken: () => Promise<void>
}

/**
 * Puts a text that came from outside into the draft of a new chat, and never sends it. A draft that stands there already stays,
 * and a note asks.
 */
export async function fillNewDraft(app: App, { text, onTaken }: Filling): Promise<void> {
  app.router.go({ name: 'chat', conversationId: null })
  const before = (await app.drafts.read(null)).trim()
  if (before !== '' && before !== text) {
    app.notes.show({
      id: 'shared',
      tag: 'came in',
      tone: 'plain',
      text: 'Something was handed over, and another draft stands here.',
      action: { label: 'add below', run: () => void addBelow(app, { text, onTaken }) },
    })
    return
  }
  await take(app, text, onTaken)
}

async function addBelow(app: App, { text, onTaken }: Filling): Promise<void> {
  app.notes.hide('shared')
  app.router.go({ name: 'chat', conversationId: null })
  const before = (await app.drafts.read(null)).trimEnd()
  await take(app, before === '' ? text : `${before}\n\n${text}`, onTaken)
}

async function take(app: App, text: string, onTaken: () => Promise<void>): Promise<void> {
  app.composer.write(text)
  if (await app.drafts.settle()) await onTaken()
}
